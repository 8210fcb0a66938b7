"""Given names, which reveal an invented person even in capitalized titles."""

_NAMES = """
aaron abigail adam adrian ahmed aisha alan albert alejandro alex alexander alexandra alice alicia alison amanda amelia
amina amy andrea andrew angela anita anna anne annie anthony antonio arthur ashley barbara beatrice ben benjamin
bernard beth betty brandon brenda brian bruce bryan caitlin carl carla carlos carmen carol caroline catherine cathy
charles charlie charlotte cheryl chris christina christine christopher claire claudia colin connor craig cynthia
daniel danielle darren dave david deborah debra dennis derek diana diane diego dmitri donald donna doris dorothy
douglas duncan dylan edward eileen elaine eleanor elena elijah elizabeth ella ellen elliot emily emma eric erica ethan
eugene eva evelyn fatima fernando fiona frances francesca francisco frank fred gabriel gareth gary gavin geoffrey
george gerald giovanni gloria gordon graham greg gregory hannah harold harriet harry hassan heather hector helen henry
howard hugo ian ibrahim isaac isabel isabella isla ivan jacob jacqueline james jamie jane janet janice jared jason
javier jeff jeffrey jennifer jenny jeremy jerry jessica jill jim joan joanna joe joel john johnny jonathan jordan jose
joseph joshua juan judith judy julia julian julie justin karen karl kate katherine kathleen kathryn katie keith kelly
ken kenneth kevin kieran kim kimberly kyle larry laura lauren lawrence leah leo leon leonard leslie lewis liam linda
lisa liz logan lorraine louis louise lucas lucia lucy luis luke lydia lynn madison malcolm marcus margaret maria marie
marilyn mario martha martin mary matt matthew maureen megan melanie melissa michael michelle miguel mike mohamed
mohammed molly monica muhammad nadia nancy naomi natalie nathan neil nicholas nicola nicole nigel noah nora norman
olga oliver olivia omar oscar owen pablo pamela patricia patrick paul paula pedro peter philip phoebe phyllis priya
rachel ralph raymond rebecca ricardo richard rita robert roberto robin roger roland ronald rory rosemary rosie roy
russell ruth ryan samantha samuel sandra sarah scott sean sebastian sergei sharon shaun sheila shirley simon sofia
sophia sophie stacey stanley stella stephanie stephen steve steven stewart stuart susan suzanne sylvia tanya tara
teresa terry theresa thomas tiffany tim timothy tina tom tommy tony tracy trevor valerie vanessa vera veronica victor
victoria vincent virginia vivian walter wayne wendy william yasmin yusuf yvonne zachary zoe
"""

GIVEN_NAMES = frozenset(_NAMES.split())

# Those that are also words of a language, so that a capital at the beginning of a sentence proves nothing.
WORDS_TOO = {
    "en": frozenset(["frank"]),
    "es": frozenset(["gloria", "isla", "leo", "leon", "linda", "lucia", "tara", "vera"]),
}
