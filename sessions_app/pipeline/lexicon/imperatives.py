"""Verbs that open an instruction."""

_IMPERATIVES_TEXT = """
stop start take keep try write call go avoid skip practise practice make leave tell ask use do dont never remember
continue quit double increase reduce cut drink eat sleep walk read bring complete track log notice reach talk set
schedule limit spend give throw ignore forget hide lie confront hit buy sell move divorce break end return contact
allow be get put turn say send text email visit meet breathe focus list plan prepare challenge replace record listen
watch repeat relax rest count wait check review add consider cancel delete block apologise apologize forgive trust
exercise meditate journal identify test monitor observe rate draw pick choose think look learn join sign attend find
follow hold stay fill note recite rehearse share speak start swallow taper halve discontinue resign fast work let lets
come open close swap replace bottle push force punish stand show switch wean flush deny refuse sit
"""
IMPERATIVES = frozenset(_IMPERATIVES_TEXT.split())
