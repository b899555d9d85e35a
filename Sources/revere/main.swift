print("revere")
