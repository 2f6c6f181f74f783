"""Lost and found, for Parvis: found items are proposed to people who lost a similar one, claimed, or disposed of."""
