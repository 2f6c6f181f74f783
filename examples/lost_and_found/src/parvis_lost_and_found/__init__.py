"""Lost and found, for Parvis: found things are proposed to who lost one like it, claimed, or disposed of."""
