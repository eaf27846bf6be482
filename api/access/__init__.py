"""Who may come in: tokens, sessions, an OpenID provider's word, and what is done about guessing. Nothing here speaks HTTP to those who ask."""
