"""What should be: scenarios, the stages that decide, plans, their proof and their explanation."""
