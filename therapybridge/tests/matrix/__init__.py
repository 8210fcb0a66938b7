"""Who may do what, everywhere: every route and method, asked by every kind of person, over every channel.

`classes.yaml` says what each class of route answers to whom, `routes.yaml` which class each route and method has; both
are meant to be read by people who judge the rules. A route, a method or a task that is not listed fails by name.
"""
