"""The engines that come with the program."""
