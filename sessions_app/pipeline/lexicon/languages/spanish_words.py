"""Spanish words: what holds a sentence together, negates, weakens or joins; folded, so without accents."""

_GLUE_TEXT = """
| el la los las un una unos unas lo al del de a ante con contra desde en entre hacia hasta para por segun sobre tras
y e o u que quien quienes cual cuales cuyo cuya como cuando donde cuanto cuanta cuantos cuantas si pero porque pues
aunque mientras sino entonces tambien ademas asi ya aun todavia solo solamente mismo misma mismos mismas yo tu vos
el ella ello nosotros nosotras vosotros ellos ellas usted ustedes me te se le les nos os mi mis su sus tus nuestro
nuestra nuestros nuestras mio mia suyo suya tuyo este esta esto estos estas ese esa eso esos esas aquel aquella
aquello ahi aca alla aqui alli no ni nunca jamas nada nadie ningun ninguna ninguno sin tampoco ser soy eres es somos
son era eras eran fue fueron sido siendo sea sean seria estar estoy estas esta estamos estan estaba estabas estaban
estado estuvo estuve este esten estando haber he has ha hemos han habia habias habian hubo haya hayan hay habra
habria hago haces hace hacen hacia hice hizo hicieron hacer haciendo hecho haga tener tengo tienes tiene tenemos
tienen tenia tenias tenian tuve tuvo tuvieron tenido tenga ir voy vas va vamos van iba ibas iban fui fuiste yendo
ido poder puedo puedes puede pueden podia podias podian pudo pude podido podria podrias querer quiero quieres quiere
quieren queria quiso quisiera deber debo debe debes debia deberia algo alguien algun alguna alguno algunos algunas
cosa cosas otro otra otros otras cada todo toda todos todas tal tan tanto muy bien bueno buena pues bueno este eh
mmm ah oh uf ay vale ok okay claro afirmativo exacto verdad cierto sabes digo o sea paciente pacientes consultante
cliente clienta terapeuta psicologo psicologa sesion sesiones dice dicen dijo dijiste dije decir diciendo dicho
decia refiere refirio referir refieres relata relato relatar relata comenta comento comentar comentas comentaste
explica explico explicar explicaste expresa expreso expresar expresaste cuenta conto contar cuentas contaste
menciona menciono mencionar mencionaste describe describio describir describiste indica indico indicar manifiesta
manifesto manifestar informa informo señala señalo afirma afirmo reconoce reconocio admite admitio añade añadio
agrega agrego responde respondio respondiste pregunta pregunto preguntado preguntada preguntaste habla hablo hablar
hablaste hablado hablaron hablamos hablan hablara trato tratar tema temas siente sintio sentir siento sientes sentia
sentias sintiendo sentido sentirse sentimiento sentimientos experimenta presenta vive situacion problema problemas
manera modo forma vez veces tipo parte punto actualmente respecto acerca relacion relacionado relacionada debido
causa durante dentro aproximadamente alrededor unos niega nego negar acuerda acordo acordaron acordamos quedaron
quedamos queda acepta acepto piensa penso pensar cree creyo creer parece parecia dar da le doy dio das poner pone
puso suele suelen lleva llevar llevo acaba acabo resulta deja dejaba pasa pasar pasando pasado logra mediante ayer
dia dias hora horas identifica identifico aborda abordo abordaron abordamos explora exploro exploramos proxima
proximo h hs hablara pues luego despues tras cual trata
"""
GLUE_WORDS = frozenset(_GLUE_TEXT.replace("ñ", "n").split()) - frozenset({"mas", "menos", "casi", "luego", "despues"})
_NEGATORS_TEXT = """
no ni nunca jamas nada nadie ningun ninguna ninguno sin tampoco niega nego negado negaba negar apenas casi incapaz
dejarde dejo deje dejado dejaste suspendio suspendido interrumpio evita evito evitar evitaba evitado
"""
NEGATORS = frozenset(_NEGATORS_TEXT.split())
_SCOPE_ENDS_TEXT = """
| pero porque pues aunque mientras cuando si sino entonces hasta que desde
"""
SCOPE_ENDS = frozenset(_SCOPE_ENDS_TEXT.split())
_OPENS_CLAUSE_TEXT = "yo tu vos usted el ella ellos ellas un una la los las su sus mi eso esto ahora luego"
OPENS_CLAUSE = frozenset(_OPENS_CLAUSE_TEXT.split())
_DIFFICULTY_TEXT = """
dificultad dificultades dificil cuesta costaba costo cuestan problemas trabajo incapaz
"""
DIFFICULTY = frozenset(_DIFFICULTY_TEXT.split())
_INTENDED_TEXT = """
propone propuso propuesto sugiere sugirio acuerda acordo acordaron acordado compromete comprometio quedo quedaron
planea hara intentara practicara anotara hablara tarea acepta acepto pide pidio invita invito proxima piensa va
probara llamara dira hablaran seguira escribira apuntara plan previsto prevista recomienda recomendo quiere
"""
INTENDED = frozenset(_INTENDED_TEXT.split())
_UNREAL_TEXT = """
si quiza quizas talvez acaso podria podrias gustaria querria quisiera ojala imagina imaginate supongamos fuera
hubiera hubiese habria seria tendria casi diria haria
"""
UNREAL = frozenset(_UNREAL_TEXT.split())
_FEARING_TEXT = """
teme temio temia temer temor miedo preocupa preocupada preocupado anticipa espera cree
"""
FEARING = frozenset(_FEARING_TEXT.split())

KIN = """
madre mama padre papa hermano hermana hijo hija marido esposo esposa mujer pareja novio novia jefe jefa amigo amiga
abuela abuelo suegra suegro tia tio primo prima companera companero profesor profesora medico
"""
_PEOPLE_TEXT = """
hijo hija hijos hijas hermano hermana hermanos hermanas abuelo abuela tio tia primo prima suegro suegra cunado cunada
novio novia amigo amiga esposo esposa nieto nieta sobrino sobrina vecino vecina nino nina jefe jefa companero companera
medico medica doctor doctora maestro maestra profesor profesora psicologo psicologa
"""
PEOPLE = frozenset(_PEOPLE_TEXT.split())
WHEN = """
lunes martes miercoles jueves viernes sabado domingo enero febrero marzo abril mayo junio julio agosto septiembre
octubre noviembre diciembre hoy ayer manana tarde noche semana mes ano verano invierno otono primavera madrugada
"""
# Words that a statement may never add of its own: people, degrees, frequencies, order, change and feelings.
TELLTALE = """
madre padre hermano hermana hijo hija marido esposo esposa mujer pareja novio novia tio tia primo prima amigo amiga
companero companera jefe jefa doctor medico maestro profesor enfermera dentista cirujano psiquiatra sacerdote
policia abogado vecino vecina padres hijos abuela abuelo suegra suegro nino bebe hombre siempre frecuente
frecuentemente menudo raramente diario diariamente semanal mas menos antes despues primero primera ultimo ultima
nuevo nuevamente mejor peor aumentar aumento reducir disminuir dejar empezar incapaz capaz grave severo severa leve
completamente totalmente mitad doble unico pegar golpear matar morir suicidio suicida beber alcohol vodka ron
cerveza vino cocaina marihuana heroina droga drogas medicacion medicamento diagnostico trastorno depresion deprimido
deprimida ansiedad ansioso panico rabia ira enojo enfado miedo triste tristeza culpa culpable verguenza feliz
esperanza orgullo orgulloso alivio soledad calma trauma abuso embarazo divorcio divorciar despido mudar casar cancer
infarto fiebre infeccion hospital urgencias ambulancia epilepsia demencia psicosis bipolar mania manico obsesion
fobia sindrome sintoma sintomas criterios patologico adiccion dependencia recaida abstinencia sobredosis alergia
deuda prestamo juicio carcel arma cuchillo infidelidad amante odio odiar amor amar celos envidia asco remordimiento
duelo resentimiento rencor amargura desprecio entusiasmo euforia humillado estres estresado tenso burnout
desesperanza insomnio violencia maltrato muchisimo nunca jamas bastante ayer hoy seguir sigue continuar encontrar
perder ganar recuperar romper comprar vender contratar gritar insultar amenazar robar mentir llorar prometer
perdonar abandonar denunciar
"""

_UNITS = (
    "cero . dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciseis diecisiete "
    "dieciocho diecinueve veinte veintiuno veintidos veintitres veinticuatro veinticinco veintiseis veintisiete "
    "veintiocho veintinueve"
)
_TENS = "treinta cuarenta cincuenta sesenta setenta ochenta noventa"
_HUNDREDS = "cien doscientos trescientos cuatrocientos quinientos seiscientos setecientos ochocientos novecientos"
DRUGS_SPOKEN = """
sertralina fluoxetina paroxetina citalopram escitalopram fluvoxamina venlafaxina desvenlafaxina duloxetina
mirtazapina bupropion trazodona amitriptilina clomipramina vortioxetina agomelatina litio valproato lamotrigina
carbamazepina quetiapina olanzapina risperidona aripiprazol clozapina haloperidol diazepam lorazepam alprazolam
clonazepam bromazepam zolpidem zopiclona midazolam melatonina propranolol pregabalina gabapentina metilfenidato
atomoxetina naltrexona disulfiram metadona buprenorfina ibuprofeno paracetamol tramadol morfina insulina rivotril
valium orfidal trankimazin lexatin
"""
NUMBER_WORDS = (
    {word: value for value, word in enumerate(_UNITS.split()) if word != "."}
    | {word: value * 10 for value, word in enumerate(_TENS.split(), start=3)}
    | {word: value * 100 for value, word in enumerate(_HUNDREDS.split(), start=1)}
    | {"ciento": 100, "mil": 1000, "veintiun": 21, "veintiuna": 21}
    | {word.replace("ientos", "ientas"): value * 100 for value, word in enumerate(_HUNDREDS.split(), start=1)}
)
# Said in several words, compared as one; over folded text.
PHRASES = {
    r"dej(a|e|o|ar|ado|aba|aron) de": "dejarde",
    r"(ya )?no solo|no solamente|no es que": "",
    r"(todos los|cada|al|por) dias?|a diario|diariamente": "diario",
    r"ten": "tener",
    r"cada (una )?semana|(todas las|por|a la) semanas?|semanalmente": "semanal",
    r"me vine abajo|venirse abajo": "hundido",
    r"mas o menos|o sea|es decir|por ejemplo|la verdad|de verdad|por supuesto|sobre todo|en general": "",
    r"tal vez|a lo mejor|puede ser que|capaz que": "quiza",
    r"a pesar de( que)?": "aunque",
    r"por (temor|miedo) a": "porque miedo",
    r"ya que|dado que|puesto que|debido a( que)?|a causa de": "porque",
    r"un par de": "2",
    r"media hora": "30 minutos",
    r"en (2|dos) ocasiones": "2 veces",
    r"(ex) (marido|mujer|pareja|novio|novia)": "ex\\2",
    r"dolor de pecho|dolor en el pecho": "dolor pecho",
    r"(mi|su|tu) (mama)": "madre",
    r"desde hace|hace ya": "hace",
}
# Verbs that open an instruction, whoever reads it.
_IMPERATIVES_TEXT = """
anote apunte escriba pruebe practique llame hable haz haga deje di diga pon ponga salga camine intente ensaye
registre lleve pregunte respire dedique elija apague traiga mande tome beba evite suspenda aumente reduzca empiece
vuelva corte descanse duerma coma vaya ir conteste contestes responda respondas tires hables llames tomes bebas
dejes vayas salgas escribas digas hagas pongas comas duermas vuelvas olvides permita confronte enfrente lea escuche
medite contacte pida busque mantenga siga continue renuncie abandone rompa perdone
"""
IMPERATIVES = frozenset(_IMPERATIVES_TEXT.split())
# Elsewhere these say what somebody does ("toma") or are nouns ("caminar la calma").
_TOLD_TEXT = """
anota apunta escribe escribi prueba proba practica llama habla hace deja pone sali camina intenta ensaya registra
lleva pregunta respira dedica elige elegi apaga trae manda toma bebe evita suspende aumenta reduce empieza vuelve
corta descansa duerme come ve contesta responde permite confronta enfrenta lee escucha medita contacta pide busca
manten sigue segui continua renuncia abandona rompe perdona cerra cerralo dejar decir poner tomar anotar apuntar
escribir probar practicar llamar hablar hacer salir caminar intentar ensayar registrar llevar leer escuchar meditar
contactar pedir buscar mantener seguir suspender aumentar reducir evitar beber
"""
TOLD_TO_PATIENT = frozenset(_TOLD_TEXT.split())
