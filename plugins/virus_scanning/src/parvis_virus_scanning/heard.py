"""What the module answers to the core's hooks: each worker goes on with scanning."""

from parvis.beside_worker import WorkerRound
from parvis_virus_scanning.rounds import scan_until

ROUNDS = WorkerRound(run=scan_until)
