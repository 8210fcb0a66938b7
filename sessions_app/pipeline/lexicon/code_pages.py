"""Code pages of old files, and the letters beyond ASCII of the languages written in them, most frequent first."""

WESTERN = ("éäüöèàóáíñçßúêãâôîõåøæëïûùìòœÿ",)
CENTRAL = ("łęóąśżćńź", "áíéěřčýžšůúťďňóľĺŕôä", "áéöőüóíúű", "ăîţâş", "čšžćđ")
TURKISH = ("ıüşğçöâîû",)
# Alphabets of its languages, and words that tell them apart; of pages that fit equally well, the first is preferred.
LATIN: dict[str, tuple[tuple[str, ...], str]] = {
    "cp1252": (WESTERN, "the and you is to ich und wie ist nicht je vous est le la les de el que en y como un una"),
    "cp1250": (
        CENTRAL,
        "nie jak na jest do co to pani czuje mnie ze jsem je ale nem hogy egy van da sam nije nu este sunt",
    ),
    "cp1254": (TURKISH, "bir bu ne ve ben sen evet daha var iyi gibi kadar oldu"),
    "mac_roman": (WESTERN, ""),
    "cp850": (WESTERN, ""),
}
RUSSIAN = "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъёіїєґ"
GREEK = "αοιετσνηυρπκμλςωδγχθφάέίόβήύώξζψ"
HEBREW = "יולהארמתבשנםכדחקפעטןגצזסףךץ"
ARABIC = "اليمنرتبةعدسفهكحقجشطصخأذىئثضزءإغؤظآ،؟"
JAPANESE = (
    "いのんとてにしかなすでたっまはるりこがれくもらだあうよそきせさどけおつみちめえわろやび"
    "ほげねぶごへばずひょゃゅインルトスラクリセピアーーレドシッマフロタテジムサグナコ"
)
CHINESE = (
    "的我你是不了一在有这个他么很好吗说们她就那想来上都没也会去到什时和要得里下自感觉觉做为样过治疗师病人患者怎周天睡累"
)
CHINESE_TRADITIONAL = (
    "的我你是不了一在有這個他麼很好嗎說們她就那想來上都沒也會去到什時和要得裡下自感覺做為樣過治療師病人患者怎週天睡累"
)
KOREAN = "이다는에요가고지의은을어하를아나그도게니서로한사기면자해시리만있들대거것안내상세음때저일오인"
OTHER: dict[str, str] = {
    "cp1251": RUSSIAN,
    "koi8_r": RUSSIAN,
    "cp866": RUSSIAN,
    "iso8859_5": RUSSIAN,
    "cp1253": GREEK,
    "cp1255": HEBREW,
    "cp1256": ARABIC,
    "iso8859_6": ARABIC,
    "cp932": JAPANESE,
    "euc_jp": JAPANESE,
    "gb18030": CHINESE,
    "big5": CHINESE_TRADITIONAL,
    "cp949": KOREAN,
}
