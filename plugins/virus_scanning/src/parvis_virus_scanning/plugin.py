"""What this module brings."""

from parvis.modules import Module
from parvis_sdk.text import Text

MODULE = Module(
    name="virus_scanning",
    title=Text(fr="Analyse antivirus", en="Virus scanning"),
    summary=Text(
        fr="Fait analyser chaque fichier reçu par l’antivirus choisi, puis remet le fichier ou le détruit.",
        en="Has each received file checked by the chosen virus scanner, then releases or destroys the file.",
    ),
    host=">=0.1,<0.2",
    heard="parvis_virus_scanning.heard",
)
