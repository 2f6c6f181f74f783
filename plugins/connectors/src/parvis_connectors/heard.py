"""What the module answers to the core's hooks: tasks of the worker, what needs a person, layers of the map."""

from parvis.beside_worker import ClockReturn, WorkerRound
from parvis_connectors.alerting import ALERTS
from parvis_connectors.exchanges import CALLS
from parvis_connectors.plugin_days import SUMS
from parvis_connectors.polling import poll_again, poll_until
from parvis_connectors.renewing import LAYERS_IN_USE
from parvis_connectors.switch_warning import WARNING

__all__ = ["ALERTS", "CALLS", "CLOCK", "LAYERS_IN_USE", "POLLS", "SUMS", "WARNING"]
POLLS = WorkerRound(run=poll_until)
CLOCK = ClockReturn(put_right=poll_again)
