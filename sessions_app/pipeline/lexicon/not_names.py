"""Words that stand before a colon and name nobody: speech that goes on, headings, dates. Over folded words."""

_NOT_NAMES = """
a i me my mine we us our you your he him his she her hers they them their it its this that these those who what when
where why which how the an and or but so because if then than as at by for from in into of on to up with without not no
yes ok okay well oh um uh hey look listen see please thanks
am is are was were be been being do does did done have has had will would can could should may might must
said say says saying told tell tells asked ask asks thought think thinking felt feel feeling mean means meant wrote read
reads heard remember remembered know knew wanted went goes like one two three first second third last next thing things
note notes nb ps warning important remark comment summary session date time place topic subject title goal goals plan
homework task tasks problem problems question questions answer answers result results reason reasons example examples
point points fact truth rule rules step steps part chapter section agenda diagnosis medication history assessment
subjective objective duration transcript recording file page start end today tomorrow yesterday tonight morning evening
laughs laughter laughing crying cries sighs sigh pause pauses silence silent inaudible unintelligible crosstalk music
applause coughs sniffs noise beep sobs sobbing whispers whispering right exactly sure maybe true absolutely never
monday tuesday wednesday thursday friday saturday sunday january february march april june july august september
october november december http https www mailto re fwd subject from cc attention update conclusion background
ich du er sie wir ihr mir mich sagte sagen dachte fragte und aber oder dann weil das der die ein eine nicht ja nein
montag dienstag mittwoch donnerstag freitag samstag sonntag notiz hinweis ziel aufgabe ergebnis beispiel frage antwort
yo tu el ella nosotros dije dijo digo pensé pienso pero porque entonces que si sí no lunes martes miercoles jueves
viernes sabado domingo nota ejemplo pregunta respuesta
je il elle nous vous dit disait pensais mais donc parce alors oui non lundi mardi mercredi jeudi vendredi samedi
dimanche remarque exemple question réponse
אני אמרתי אמר אמרה אמרו חשבתי הוא היא אנחנו הם כן לא אבל כי אז
انا أنا قلت قال قالت قالوا فكرت هو هي نحن هم نعم لا لكن لان لأن
я он она мы вы они сказал сказала сказали думал думала да нет но потому
我 他 她 我说 他说 她说 我說 他說 她說
"""
_PARTICLES = (
    "de da do dos das del della di du des la le las los van von der den dem ter ten zu zur bin ibn ben bint al el y e"
)
NOT_NAMES = frozenset(_NOT_NAMES.split())
PARTICLES = frozenset(_PARTICLES.split())
