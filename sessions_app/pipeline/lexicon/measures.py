"""What is counted in numbers: measures by their kind, and amounts that are said without a number."""

from collections.abc import Mapping
from typing import NamedTuple


class Measure(NamedTuple):
    """One measure, whatever its form; two of a kind exclude each other: what took hours did not take minutes."""

    kind: str
    name: str


def measures(lines: str) -> dict[str, Measure]:
    """Every form with its measure: a kind per line, and the forms of each measure between commas."""
    found: dict[str, Measure] = {}
    for line in lines.strip().splitlines():
        kind, _, rest = line.strip().partition(":")
        for forms in rest.split(","):
            found |= dict.fromkeys(forms.split(), Measure(kind, forms.split()[0]))
    return found


ENGLISH_MEASURES = measures("""
    time: second seconds, minute minutes min mins, hour hours hourly hrs, day days daily, night nights nightly
    time: week weeks weekly, fortnight, month months monthly, year years yearly old, weekend weekends
    money: pound pounds quid, euro euros, dollar dollars bucks, pesos, penny pence cents
    drink: pint pints, glass glasses, bottle bottles, can cans, unit units
    weight: gram grams, kilo kilos kg, stone stones, lb lbs
    length: mile miles, kilometre kilometres kilometer kilometers km, metre metres meter meters, foot feet, inch inches
    dose: milligram milligrams mg, microgram micrograms, milliliter milliliters millilitre millilitres ml
    share: percent, point points
""")
SPANISH_MEASURES = measures("""
    tiempo: segundo segundos, minuto minutos min, hora horas, dia dias, noche noches, semana semanas, quincena
    tiempo: mes meses, ano anos
    dinero: euro euros, peso pesos, dolar dolares, libras
    bebida: copa copas, vaso vasos, cerveza cervezas, botella botellas, cana canas
    peso: gramo gramos, kilo kilos kg
    longitud: kilometro kilometros km, metro metros, cuadra cuadras
    dosis: miligramo miligramos mg, mililitro mililitros ml
""")
ENGLISH_AMOUNTS: Mapping[str, frozenset[str]] = {
    "half an hour": frozenset({"30", "0.5"}),
    "half hour": frozenset({"30", "0.5"}),
    "quarter of an hour": frozenset({"15"}),
    "three quarters of an hour": frozenset({"45"}),
    "an hour and a half": frozenset({"90", "1.5"}),
    "half a dozen": frozenset({"6"}),
    "morning and night": frozenset({"2"}),
    "morning and evening": frozenset({"2"}),
    "fortnight": frozenset({"2", "14"}),
    "both": frozenset({"2"}),
}
SPANISH_AMOUNTS: Mapping[str, frozenset[str]] = {
    "media hora": frozenset({"30"}),
    "hora y media": frozenset({"90"}),
    "cuarto de hora": frozenset({"15"}),
    "media docena": frozenset({"6"}),
    "ambos": frozenset({"2"}),
    "los dos": frozenset({"2"}),
}
