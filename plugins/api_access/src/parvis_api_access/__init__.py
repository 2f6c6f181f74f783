"""What machines may do by the API: tokens and OAuth clients, made, limited, renewed and revoked by operators."""
