"""The sentence with which a voice introduces itself, in calm words, by language."""

from __future__ import annotations

from typing import Final

from voiceguide.voices.languages import UNTOLD, main

_COUNT: Final = "1, 2, 3, 4."
"""For languages without a row: nearly every voice reads figures in its own language."""

_SENTENCES: Final = {
    "ar": "اجلس كما تحب. لا شيء يجب أن يحدث.",
    "bg": "Седнете, както ви е удобно. Няма бързане.",
    "bn": "যেভাবে ভালো লাগে বসুন। কোনো তাড়া নেই।",
    "ca": "Seu com vulguis. No ha de passar res.",
    "cs": "Posaď se, jak chceš. Nic se nemusí stát.",
    "cy": "Eisteddwch fel y mynnwch. Does dim rhaid i ddim ddigwydd.",
    "da": "Sid, som du har lyst. Der behøver ikke ske noget.",
    "de": "Sitz so, wie du magst. Es muss nichts geschehen.",
    "el": "Κάθισε όπως θέλεις. Δεν χρειάζεται να συμβεί τίποτα.",
    "en": "Sit as you like. Nothing has to happen.",
    "es": "Siéntate como quieras. No tiene que pasar nada.",
    "et": "Istu nii, nagu soovid. Midagi ei pea juhtuma.",
    "eu": "Eseri nahi duzun bezala. Ez dago presarik.",
    "fa": "هر طور که راحتی بنشین. عجله‌ای نیست.",
    "fi": "Istu niin kuin haluat. Mitään ei tarvitse tapahtua.",
    "fr": "Assieds-toi comme tu veux. Il n’y a rien à réussir.",
    "ga": "Suigh mar is mian leat. Ní gá go dtarlódh aon rud.",
    "he": "שבו כמו שנוח לכם. שום דבר לא צריך לקרות.",
    "hi": "जैसे चाहें वैसे बैठें। कोई जल्दी नहीं है।",
    "hr": "Sjedni kako želiš. Ništa se ne mora dogoditi.",
    "hu": "Ülj úgy, ahogy jólesik. Semminek sem kell történnie.",
    "id": "Duduklah sesukamu. Tidak ada yang harus terjadi.",
    "is": "Sittu eins og þú vilt. Ekkert þarf að gerast.",
    "it": "Siediti come vuoi. Non deve succedere niente.",
    "ja": "すきなように すわってください。 いそがなくて いいのです。",
    "ko": "편한 대로 앉으세요. 서두를 것 없어요.",
    "lt": "Sėsk, kaip tau patogu. Niekur neskubam.",
    "lv": "Apsēdies, kā tev patīk. Nekam nav jānotiek.",
    "nl": "Ga zitten zoals je wilt. Er hoeft niets te gebeuren.",
    "no": "Sitt som du vil. Ingenting trenger å skje.",
    "pl": "Usiądź, jak lubisz. Nic nie musi się wydarzyć.",
    "pt": "Sente-se como quiser. Nada precisa acontecer.",
    "ro": "Așază-te cum vrei. Nu trebuie să se întâmple nimic.",
    "ru": "Сядьте, как вам удобно. Ничего не должно происходить.",
    "sk": "Posaď sa, ako chceš. Nič sa nemusí stať.",
    "sl": "Sedi, kakor želiš. Nič se ne mudi.",
    "sr": "Седи како желиш. Ништа не мора да се деси.",
    "sv": "Sitt som du vill. Ingenting behöver hända.",
    "sw": "Kaa upendavyo. Hakuna haraka.",
    "th": "นั่งตามสบาย ไม่ต้องมีอะไรเกิดขึ้น",
    "tr": "İstediğin gibi otur. Acele yok.",
    "uk": "Сядьте, як вам зручно. Не поспішайте.",
    "ur": "جیسے چاہیں بیٹھیں۔ کوئی جلدی نہیں۔",
    "vi": "Hãy ngồi theo ý bạn. Không cần điều gì phải xảy ra.",
    "zh": "随意坐好。什么都不必发生。",
}


def sentence(tag: str) -> str:
    """Return the sentence for a voice of the language *tag*; English if the tag states no language."""
    language = main(tag)
    return _SENTENCES["en"] if language in UNTOLD else _SENTENCES.get(language, _COUNT)
