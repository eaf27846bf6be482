"""Login at an OpenID provider: the authorization code with PKCE, by authlib and joserfc."""
