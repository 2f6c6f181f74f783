"""Sign-in by the accounts that a town has in Microsoft Entra ID."""
