"""Reading what somebody sent, in a process of its own whose memory and time are bounded: the server only hears what came of it."""
