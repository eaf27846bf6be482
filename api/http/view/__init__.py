"""The web view's built files as answers: read when the service starts, sent as they were built, to anybody."""
