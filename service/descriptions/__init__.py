"""What the service says of itself and of its data, for programs: service description, VoID, DCAT."""
