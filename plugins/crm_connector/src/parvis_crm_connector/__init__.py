"""CRM for Parvis: contacts and cases in Dataverse, changes both ways, consent and erasure carried over."""
