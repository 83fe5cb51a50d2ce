"""AWS: the key from the keyring, the session that trusts nothing around it, the long poll, sign-in, the template."""
