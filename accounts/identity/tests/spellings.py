"""Two hundred people and the spellings in which others write their names, from the habits of languages and offices.

One line a person: the spellings of the first name, a slash, those of the last name. The rules are those of people: who
has no such key leaves the accent or the mark out, and a space, a hyphen and nothing stand for each other within a name.
Each of these must find each. After "=" is what passports and German or Danish offices write, ü as ue, ø as oe and å as
aa: it finds the name as its owner writes it, and is found by that, but Mueller is not Muller.
"""

# ruff: noqa: RUF001 (marks that look alike are what this is about)

import unicodedata
from collections.abc import Callable, Iterator
from itertools import product
from typing import NamedTuple

IRISH = """
Sean|Seán / O'Hara|O’Hara|OʼHara|O‘Hara|O`Hara|O´Hara|O′Hara|OHara|O Hara
Aoife / Ó Briain|O Briain|ÓBriain|Obriain
Síle|Sile / Ní Dhomhnaill|Ni Dhomhnaill|NíDhomhnaill
Róisín|Roisin / O'Neill|O’Neill|O Neill|ONeill
Ian / McDonald|Mc Donald|Mcdonald|MCDONALD
Fergus / MacDonald|Mac Donald|Macdonald
Iain / McIntyre|Mc Intyre|Mc-Intyre
Rory / MacLeod|Mac Leod|MacLEOD
Kit / MᶜKay|McKay|Mc Kay
Ailbhe / D'Arcy|D’Arcy|DArcy|D Arcy
Maire|Máire / de Búrca|De Burca|deBúrca
Siân|Sian / Llŷr|Llyr
Mary-Kate|Mary Kate|MaryKate|Mary‐Kate|Mary‑Kate|Mary–Kate / Quinn
Zoë|Zoe / St. John|St John|StJohn
Anne / Smith-Jones|Smith‐Jones|Smith‑Jones|Smith–Jones|Smith—Jones|Smith−Jones|Smith Jones|SmithJones|Smith - Jones
"""
FRENCH = """
Renée|Renee / Dubois
René|Rene / Magritte
Jean-Luc|Jean Luc|JeanLuc|Jean‑Luc / Picard
Élodie|Elodie / L'Écuyer|L’Écuyer|LÉcuyer|L Ecuyer|L'Ecuyer
Chloé|Chloe / Lefèvre|Lefevre
François|Francois / Le Goff|Le-Goff|LeGoff
Maël|Mael / N'Diaye|N’Diaye|NDiaye|N Diaye
Gaëlle|Gaelle / Brûlé|Brule
Anaïs|Anais / de la Tour|De La Tour|Delatour|de-la-Tour
Cœur|Coeur / Bœuf|Boeuf
Lætitia|Laetitia / Garçon|Garcon
Aÿ|Ay / Ÿnard|Ynard
Loïc|Loic / Guéguen|Gueguen
Marie-Ève|Marie Eve|Marie‐Ève|MarieÈve / Côté|Cote
Hélène|Helene / d'Été|d’Été|dÉté|D'Ete
Noël|Noel / Châtelain|Chatelain
"""
IBERIAN = """
José|Jose / Núñez|Nunez
Ñandú|Nandu / Peña|Pena
María José|Maria Jose|María-José|MariaJose / García Márquez|Garcia Marquez|García-Márquez|GarciaMarquez
Begoña|Begona / Ibáñez|Ibanez
Agüero|Aguero / Sigüenza|Siguenza
Iñaki|Inaki / Etxeberría|Etxeberria
João|Joao / Guimarães|Guimaraes
Inês|Ines / Conceição|Conceicao
Antônio|Antonio / Magalhães|Magalhaes
Luís|Luis / d'Ávila|d’Ávila|Davila|D Avila
Núria|Nuria / Gal·la|Galla|Gal la
Jordi / Puig i Cadafalch|Puig-i-Cadafalch
Mª|Ma / Otero
Ángel|Angel / de los Ríos|De Los Rios|de-los-Ríos
Uxía|Uxia / Castiñeira|Castineira
"""
GERMAN = """
Jürgen|Jurgen|=Juergen / Groß|Gross|GROẞ
Zoé|Zoe / Müller|Muller|=Mueller
Björn|Bjorn|=Bjoern / Schäfer|Schafer|=Schaefer
Käthe|Kathe|=Kaethe / Weiß|Weiss
Jörg|Jorg|=Joerg / Strauß|Strauss
Änne|Anne|=Aenne / Königsmann|Konigsmann|=Koenigsmann
Ülkü|Ulku|=Uelkue / Özil|Ozil|=Oezil
Bärbel|Barbel|=Baerbel / Müller-Lüdenscheidt|Muller Ludenscheidt|=Mueller-Luedenscheidt|Müller Lüdenscheidt
Karl-Heinz|Karl Heinz|Karlheinz / Voß|Voss
Götz|Gotz|=Goetz / von der Höhe|Von der Hohe|Vonderhöhe|=von der Hoehe
Lieselotte / Süßmilch|Sussmilch|=Suessmilch
Uwe / Preußer|Preusser
"""
NORDIC = """
Søren|Soren|=Soeren / Kierkegård|Kierkegard|=Kierkegaard
Åsa|Asa|=Aasa / Öberg|Oberg|=Oeberg
Øystein|Oystein|=Oeystein / Håland|Haland|=Haaland
Mårten|Marten|=Maarten / Sjöström|Sjostrom|=Sjoestroem
Jørgen|Jorgen|=Joergen / Bjørnson|Bjornson|=Bjoernson
Æsa|Aesa / Sæmundsdóttir|Saemundsdottir
Þóra|Thora / Guðmundsdóttir|Gudmundsdottir
Ragnheiður|Ragnheidur / Þorláksson|Thorlaksson
Päivi|Paivi|=Paeivi / Hämäläinen|Hamalainen|=Haemaelaeinen
Áile|Aile / Ŋuorggut|Nuorggut
Đuoŋi|Duoni / Ŧeatnu|Teatnu
"""
SLAVIC = """
Łucja|Lucja / Żak|Zak
Paweł|Pawel / Wałęsa|Walesa
Michał|Michal / Dąbrowski|Dabrowski
Małgorzata|Malgorzata / Ciećwierz|Ciecwierz
Świętosława|Swietoslawa / Kłós|Klos
Jiří|Jiri / Dvořák|Dvorak
Růžena|Ruzena / Šťastná|Stastna
Ľubomír|Lubomir / Hviezdoslav
Ďaneta|Daneta / Škultéty|Skultety
Željko|Zeljko / Đurić|Duric|=Djuric
Đorđe|Dorde|=Djordje / Čavić|Cavic
Ǌegoš|Njegoš|Njegos / Lazić|Lazic
Živa|Ziva / Črnič|Crnic
Matīss|Matiss / Ķēniņš|Kenins
Ģirts|Girts / Bērziņš|Berzins
Živilė|Zivile / Šimkutė|Simkute
Ąžuolas|Azuolas / Žukauskas|Zukauskas
Õnne|Onne / Põldmäe|Poldmae
"""
DANUBE = """
Győző|Gyozo / Szőke|Szoke
Ágnes|Agnes / Kőszegi|Koszegi
Ștefan|Ştefan|Stefan / Țepeș|Ţepeş|Tepes
Ioana-Mădălina|Ioana Madalina|IoanaMădălina / Brâncuși|Brâncuşi|Brancusi
Ilinca / Năstase|Nastase
Ġorġ|Gorg / Għonella|Ghonella
Ħamrun|Hamrun / Żahra|Zahra
Ëngjëll|Engjell / Çela|Cela
"""
TURKIC = """
İpek|Ipek / Işık|Isik|IŞIK|ışık
Şebnem|Şebnem|Sebnem / Yıldız|Yildiz
Çağrı|Cagri / Gümüş|Gumus|=Guemues
Iğdır|Igdir / İnönü|Inonu|=Inoenue
Ayşegül|Aysegul|Aysegül / Kılıç|Kilic
Oğuz|Oguz / Öztürk|Ozturk|=Oeztuerk
Sıla|Sila / Diyarbakırlı|Diyarbakirli
Gülşen|Gulsen|=Guelsen / Çelik|Celik
"""
VIETNAMESE = """
Văn Đức|Van Duc|VĂN ĐỨC / Nguyễn|Nguyen
Thị Hồng|Thi Hong|Thị-Hồng / Trần|Tran
Quốc|Quoc / Lê|Le
Ngọc Ánh|Ngoc Anh / Phạm|Pham
Hữu Phước|Huu Phuoc / Đặng|Dang
Thuỳ|Thùy|Thuy / Vũ|Vu
Ươn|Uon / Bùi|Bui
Khuê|Khue / Đỗ|Do
Tưởng|Tuong / Hồ|Ho
Mỹ Lệ|My Le / Dương|Duong
"""
OCEANIC = """
Kaʻiulani|Ka'iulani|Ka’iulani|Kaiulani|Ka‘iulani / Kāne|Kane
Leilani / Kahale-ʻōpū|Kahale Opu|Kahale'opu|Kahaleopu
ʻAlohi|'Alohi|Alohi / Kealiʻi|Kealii|Keali'i
Tāne|Tane / Māhina|Mahina
Faʻafetai|Fa'afetai|Faafetai / Tauaʻa|Tauaa
Manaʻo|Manao / Vāhine|Vahine
"""
AFRICAN = """
Adébáyọ̀|Adebayo / Ọláolúwa|Olaoluwa
Ngọzi|Ngozi / Ezenwá|Ezenwa
Kɔfi|Kofi / Ɔwusu|Owusu
Ɛsi|Esi / Mɛnsah|Mensah
Ɓello|Bello / Ɗanladi|Danladi
Ƙasim|Kasim / Ƴar'adua|Yar'adua|Yaradua
Wanjirũ|Wanjiru / Ng'ang'a|Ng’ang’a|Nganga
Mũthoni|Muthoni / Kĩmani|Kimani
"""
ASIAN_LATIN = """
Lǚ|Lü|Lu / Xiǎolóng|Xiaolong
Xī'ān|Xi’an|Xian|Xi An / Zhào|Zhao
Ryūnosuke|Ryunosuke / Ōe|Oe
Yūko|Yuko / Satō|Sato
Ṛṣi|Rsi / Śāstrī|Sastri
Ḥusayn|Husayn / al-Ḥalabī|al-Halabi|al Halabi|alHalabi
ʿAlī|‘Alī|'Ali|Ali / Ibn-Sīnā|Ibn Sina
Ṣalāḥ ad-Dīn|Salah ad-Din|Salah ad Din / ʾAyyūbī|Ayyubi|'Ayyubi
Ｍａｙａ|Maya / Ｒｏｔｈ|Roth
Əliya|Eliya / Məmmədova|Memmedova
"""
GREEK = """
Γιώργος|Γιωργος|ΓΙΩΡΓΟΣ / Παπαδόπουλος|Παπαδοπουλος|ΠΑΠΑΔΟΠΟΥΛΟΣ
Θεός|ΘΕΟΣ|Θεοσ / Μαΐου|Μαιου|ΜΑΪΟΥ
Ἀθηνᾶ|Αθηνα|Αθηνά / Ξένου|Ξενου
Ελένη|Ελενη / Οικονόμου|Οικονομου
Άγγελος|Αγγελος / Ζαΐμης|Ζαιμης
Εὔα|Εύα|Ευα / Ῥήγας|Ρήγας|Ρηγας
"""
CYRILLIC = """
Пётр|Петр|ПЁТР / Соловьёв|Соловьев
Алёна|Алена / Королёва|Королева
Мар'яна|Мар’яна|Марʼяна|Маряна / Ґалаган
Їжак|ЇЖАК / Її-Ярий|Її Ярий|Її‑Ярий
Андрей|АНДРЕЙ / Толстой|ТОЛСТОЙ
Ђорђе|ЂОРЂЕ / Ћосић|ЋОСИЋ
Анна-Мария|Анна Мария|АннаМария / Римская-Корсакова|Римская Корсакова|Римская‐Корсакова
Лев / Ма́мин|Мамин
Васіль / Ўткін
"""
ARMENIAN_GEORGIAN = """
Արամ|ԱՐԱՄ / Խաչատրյան|ԽԱՉԱՏՐՅԱՆ
Սևան|Սեւան / Պետրոսյան
ნინო|ᲜᲘᲜᲝ / ჭავჭავაძე
"""
ARABIC = """
محمد|مُحَمَّد|محـمـد / عبد الله|عبدالله
أحمد|احمد / الخطيب|ٱلخطيب
إبراهيم|ابراهيم / الأمين|الامين
آمنة|امنة|آمنه|امنه / على|علي
فاطمة|فاطمه|فَاطِمَة / موسى|موسي
هدى|هدي / القاضي|القاضى
کریم|كريم / یوسفی|يوسفي
رؤى|روى|روي / سائد|سايد
امیر‌حسین|امیرحسین|امیر حسین / کاظمی|كاظمي
"""
HEBREW = """
דָּוִד|דוד / בֶּן־גּוּרִיּוֹן|בן־גוריון|בן-גוריון|בן גוריון|בן–גוריון
שָׂרָה|שרה / כֹּהֵן|כהן
ג׳ורג׳|ג'ורג'|ג’ורג’|גורג / לֵוִי|לוי
חנן / צה״ל|צה"ל|צה”ל
ײִדל|יידל / הײַנט|היינט
"""
EAST_ASIAN = """
小龍 / 李
이한 / 김|김
はるか / ﾀﾅｶ|タナカ
がく|がく / 髙橋|高橋
ミカエル・ジャン|ミカエル ジャン|ミカエルジャン / デ・ラ・クルス|デラクルス
蓮 / 渡邊|渡辺|渡邉
翔 / 山﨑|山崎
让·吕克|让 吕克|让吕克|让・吕克 / 毕加索
"""
INDIC = """
कमला / शर्मा
फ़ातिमा|फातिमा / क़ुरैशी|कुरैशी
রুমা / রায়|রায়
தமிழ் / செல்வன்
สมชาย / ใจดี
"""
PLAIN = """
Jean-François|Jean Francois|JeanFrançois / Saint-Exupéry|Saint Exupery|Saint‑Exupéry
Pádraig|Padraig / Mac Giolla Phádraig|MacGiolla Phadraig|Mac-Giolla-Phádraig
Ana Sofía|Ana Sofia|AnaSofía / Muñoz-Ortiz|Munoz Ortiz|Muñoz–Ortiz
Wiesława|Wieslawa / Jabłońska-Żuk|Jablonska Zuk|Jabłońska‐Żuk
Håkon|Hakon|=Haakon / Løvås|Lovas|=Loevaas
Tiên|Tien / Hoàng Phủ|Hoang Phu|Hoàng-Phủ
Jürg|Jurg|=Juerg / Zürcher-Übelhart|Zurcher Ubelhart|=Zuercher-Uebelhart
Nikólaos|Nikolaos / D’Angelo|D'Angelo|D Angelo|DAngelo
Yusuf / Çınar-Doğan|Cinar Dogan|Çınar Doğan
Ewa Maria|Ewa-Maria|EwaMaria / Śliwińska|Sliwinska
Ó Séaghdha|O Seaghdha|ÓSéaghdha / Mc Cárthaigh|McCarthaigh
Zsófia|Zsofia / Nagy-Őry|Nagy Ory|NagyŐry
Charlotte / Penhaligon
William "Bill"|William Bill|William (Bill)|William “Bill” / Thackeray
Emeka / Okafor
Li Na|Li-Na|Lina|LiNa / Fang
Sukarno /
Xóchitl|Xochitl / Tlāloc|Tlaloc
"""
SCRIPTS = (
    *(IRISH, FRENCH, IBERIAN, GERMAN, NORDIC, SLAVIC, DANUBE, TURKIC, VIETNAMESE, OCEANIC, AFRICAN, ASIAN_LATIN),
    *(GREEK, CYRILLIC, ARMENIAN_GEORGIAN, ARABIC, HEBREW, EAST_ASIAN, INDIC, PLAIN),
)
# Not the same person: the letters differ, and no rule of any language writes one for the other.
DIFFERENT = """
Anna Roth / Hanna Roth
Anna Roth / Anne Roth
Zoe Müller / Zoe Möller
Zoe Muller / Zoe Mueller
Zoe Müller / Zoe Miller
Michael Roth / Michał Roth
Manuel Roth / Manul Roth
Joel Roth / Jol Roth
Aaron Roth / Aron Roth
Ian McDonald / Ian MacDonald
Ian O'Hara / Ian Hara
Renée Roth / Ren Roth
Renée Roth / Irenee Roth
Maya Roth / Maya Rothe
Jo Annamaria / Joanna Maria
Groß Karl / Gros Karl
Søren Ro / Saren Ro
कमल शर्मा / कमला शर्मा
がく 田 / かく 田
はるか 田 / ばるか 田
Андрей Ли / Андреи Ли
Їва Ли / Іва Ли
Мария Ли / Марина Ли
Анна Ли / Anna Ли
हरि राम / हर राम
สมชาย ดี / สมชัย ดี
محمد علي / محمود علي
دوד لي / داود لي
דוד לוי / דוד לו
김한 이 / 김하 이
李 龍 / 李 龙子
Nguyễn An / Nguyễn Ân Đức
Þóra Ros / Tora Ros
Æsa Ros / Asa Ros
Elif Işık / Elif Aşık
Lea-Marie Roth / Lea Roth
Γιώργος Ρος / Γιώργης Ρος
"""
FORMS: tuple[Callable[[str], str], ...] = (
    str,
    lambda text: unicodedata.normalize("NFD", text),
    str.upper,
    lambda text: unicodedata.normalize("NFC", text).lower(),
    lambda text: unicodedata.normalize("NFD", text.swapcase()),
    lambda text: f" {text.replace(' ', '  ')} ",
)
Name = tuple[str, str]


class Person(NamedTuple):
    """The spellings of one name: first the owner's, then those of others, and those of offices."""

    own: list[Name]
    spelled_out: list[Name]


def people() -> Iterator[Person]:
    """Everyone of the lists above."""
    for line in filter(None, "".join(SCRIPTS).split("\n")):
        first, last = ([word.strip() for word in half.split("|")] for half in line.split("/"))
        names = list(product(first, last))
        spelled_out = [name for name in names if "=" in "".join(name)]
        own = [name for name in names if name not in spelled_out]
        yield Person(own, [(one.removeprefix("="), other.removeprefix("=")) for one, other in spelled_out])


def strangers() -> Iterator[tuple[Name, Name]]:
    """Pairs of names that must not be taken for each other."""
    for line in DIFFERENT.strip().splitlines():
        (first, _, last), (other_first, _, other_last) = (part.strip().partition(" ") for part in line.split("/"))
        yield (first, last), (other_first, other_last)


def typed(names: list[Name]) -> Iterator[Name]:
    """Each spelling, in one form of case, spaces and Unicode after the other."""
    for at, (first, last) in enumerate(names):
        form = FORMS[at % len(FORMS)]
        yield form(first), form(last)
