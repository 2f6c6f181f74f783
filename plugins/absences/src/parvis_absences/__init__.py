"""Who is away from work, who stands in for them, and who has their roles meanwhile."""
