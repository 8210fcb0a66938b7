"""What an installation does while a part of it is away: a rehearsal with real processes (see __main__)."""
