"""Mails that nobody has sorted yet, in a town that is measured: one for each walk that makes a request of one."""

from email.message import EmailMessage

from parvis.deployment import open_deployment
from parvis.settings import Settings
from parvis_mail_intake.filing import take_in

SUBJECTS = ("Nid-de-poule sur ma rue", "Pothole on my street", "Nid-de-poule encore", "Another pothole")
WORDS = "Bonjour, il y a un nid-de-poule devant le 4563, rue Saint-Urbain.\n\nZoé Côté\n"


async def send_mails(settings: Settings) -> None:
    """Takes them in as if the mailbox of the town had them."""
    async with open_deployment(settings) as deployment:
        for number, subject in enumerate(SUBJECTS):
            mail = EmailMessage()
            mail["Subject"], mail["From"], mail["To"] = subject, "Zoé Côté <zoe@exemple.ca>", "311@parvis.example"
            mail["Message-ID"], mail["Date"] = f"<{number}@exemple.ca>", "Tue, 01 Dec 2026 08:00:00 -0500"
            mail.set_content(WORDS)
            await take_in(deployment.host, bytes(mail))
