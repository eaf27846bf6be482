"""The office: plans and edits as requests to a shared network, their adoption, and the way back."""
