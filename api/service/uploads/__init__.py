"""What somebody sends to be read: looked at before any reader opens it, read into tables, kept until it is committed or discarded."""
