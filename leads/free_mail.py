"""E-mail domains that belong to nobody's company: they never match or make one. Pure.

Kept by hand: the free and provider mail services most used in the countries of our four languages,
plus the world-wide ones. A missing one is added here; the cost of a miss is one company too many.
"""

from __future__ import annotations

FREE_MAIL_DOMAINS = frozenset(
    """
    aim.com alice.it aliceadsl.fr aol.com aol.fr aol.it arcor.de aruba.it att.net bbox.fr
    bellsouth.net bigpond.com blueyonder.co.uk bluewin.ch bol.com.br btinternet.com charter.net
    club-internet.fr comcast.net cox.net duck.com earthlink.net email.com email.it fastmail.com
    fastmail.fm fastwebnet.it free.fr freenet.de gmail.com gmx.at gmx.ch gmx.com gmx.de gmx.es
    gmx.fr gmx.net googlemail.com hey.com hotmail.be hotmail.ch hotmail.co.uk hotmail.com
    hotmail.com.ar hotmail.com.mx hotmail.de hotmail.es hotmail.fr hotmail.it hushmail.com
    icloud.com inbox.com inwind.it iol.it jumpy.it katamail.com laposte.net libero.it live.co.uk
    live.com live.com.mx live.fr live.it mac.com mail.com mail.ru me.com mixmail.com msn.com
    neuf.fr noos.fr ntlworld.com numericable.fr ono.com orange.es orange.fr outlook.com outlook.de
    outlook.es outlook.fr outlook.it pm.me poste.it posteo.de proton.me protonmail.ch
    protonmail.com qq.com rambler.ru rediffmail.com rocketmail.com sbcglobal.net sfr.fr sky.com
    supereva.it t-online.de talktalk.net telefonica.net telenet.be terra.es tim.it tin.it
    tiscali.co.uk tiscali.it tuta.com tutanota.com tvcablenet.be uol.com.br verizon.net vip.qq.com
    virgilio.it virgin.net virginmedia.com vodafone.it voila.fr wanadoo.es wanadoo.fr web.de
    wind.it windowslive.com yahoo.ca yahoo.co.in yahoo.co.jp yahoo.co.uk yahoo.com yahoo.com.ar
    yahoo.com.br yahoo.com.mx yahoo.de yahoo.es yahoo.fr yahoo.in yahoo.it yandex.com yandex.ru
    ymail.com ya.com zoho.com zoznam.sk 126.com 163.com
    """.split()  # noqa: SIM905  # a list of words reads as words
)


def company_domain(email: str) -> str | None:
    """Return the domain by which the company of `email` is found; None for a free-mail address."""
    domain = email.strip().casefold().lower().rpartition("@")[2]
    return domain if domain and domain not in FREE_MAIL_DOMAINS else None
