"""Who may do what, everywhere: every route and method, asked by every kind of person, over every channel.

`classes.yaml` says what each class of route answers to whom, `matrix.yaml` beside the tests of each app which class its
routes and methods have, and which tasks it has; both are meant to be read by people who judge the rules. A route, a
method or a task that is not listed, is listed twice, or is listed by another app fails by name.
"""
