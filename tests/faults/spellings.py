"""Ways to write loopback and private addresses, for every place that takes an address."""

PRIVATE_ADDRESSES = tuple(
    """
    127.0.0.1 127.1.2.3 127.255.255.254 0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1
    100.127.255.254 169.254.169.254 172.16.0.1 172.31.255.255 192.0.0.1 192.0.2.1 192.88.99.1
    192.168.0.1 198.18.0.1 198.51.100.7 203.0.113.9 224.0.0.1 239.255.255.250 240.0.0.1 255.255.255.255
    ::1 :: ::127.0.0.1 ::10.0.0.1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:0:127.0.0.1 64:ff9b::7f00:1
    64:ff9b::a00:1 64:ff9b::a9fe:a9fe 64:ff9b:1::7f00:1 64:ff9b:1::1 2002:7f00:1:: 2002:a00:1::1
    2001:0:4136:e378:8000:63bf:80ff:fffe 2001:db8::1 2001:2::1 2001:10::1 fe80::1 fe80::5efe:8.8.8.8
    fec0::1 fc00::1 fd12:3456::1 ff02::1 ff0e::1 100::1 3fff::1 5f00::1 4000::1
    2606:4700::5efe:127.0.0.1 2606:4700::200:5efe:10.0.0.1
    """.split()
)

PUBLIC_ADDRESSES = tuple(
    """
    93.184.216.34 8.8.8.8 1.1.1.1 172.15.255.255 172.32.0.1 100.63.255.255 100.128.0.1 192.0.1.1
    223.255.255.255 2606:4700::1111 2001:4860:4860::8888 2a00:1450:4001:830::200e 64:ff9b::808:808
    ::ffff:8.8.8.8 2002:808:808::1
    """.split()
)

# Each of these ends at loopback or a private network in some resolver or parser; {port} is a listener's.
LOOPBACK_URLS = tuple(
    spelling.replace(" ", "")
    for spelling in (
        "http://127.0.0.1:{port}/",
        "http://localhost:{port}/",
        "http://LOCALHOST:{port}/",
        "http://localhost.:{port}/",
        "http://127.0.0.1.:{port}/",
        "http://127.1:{port}/",
        "http://127.0.1:{port}/",
        "http://127.000.000.001:{port}/",
        "http://0:{port}/",
        "http://0.0.0.0:{port}/",
        "http://00000000:{port}/",
        "http://0x0:{port}/",
        "http://2130706433:{port}/",
        "http://02130706433:{port}/",
        "http://017700000001:{port}/",
        "http://0177.0.0.1:{port}/",
        "http://0177.0.0.01:{port}/",
        "http://0x7f000001:{port}/",
        "http://0x7f.1:{port}/",
        "http://0x7f.0.0.1:{port}/",
        "http://0X7F.0x0.0x0.0x1:{port}/",
        "http://0x7f.0.1:{port}/",
        "http://0x7f.0.0.0x1:{port}/",
        "http://4294967295:{port}/",
        "http://0x17f000001:{port}/",
        "http://①②⑦.⓪.⓪.①:{port}/",
        "http://⑴⑵⑺.0.0.1:{port}/",
        "http://１２７.０.０.１:{port}/",
        "http://127。0。0。1:{port}/",
        "http://127．0．0．1:{port}/",
        "http://127｡0｡0｡1:{port}/",
        "http://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ:{port}/",
        "http://ｌｏｃａｌｈｏｓｔ:{port}/",
        "http://loc\u00adalhost:{port}/",
        "http://127.0.0.1%2e:{port}/",
        "http://%31%32%37.0.0.1:{port}/",
        "http://127%2e0%2e0%2e1:{port}/",
        "http://localhost%00.example.org:{port}/",
        "http://[::1]:{port}/",
        "http://[0:0:0:0:0:0:0:1]:{port}/",
        "http://[0000::0001]:{port}/",
        "http://[::]:{port}/",
        "http://[::127.0.0.1]:{port}/",
        "http://[::7f00:1]:{port}/",
        "http://[::ffff:127.0.0.1]:{port}/",
        "http://[::ffff:7f00:1]:{port}/",
        "http://[0:0:0:0:0:ffff:127.0.0.1]:{port}/",
        "http://[::ffff:0:127.0.0.1]:{port}/",
        "http://[64:ff9b::127.0.0.1]:{port}/",
        "http://[64:ff9b:1::127.0.0.1]:{port}/",
        "http://[2002:7f00:1::]:{port}/",
        "http://[2001:0:7f00:1::80ff:fffe]:{port}/",
        "http://[::1%25lo]:{port}/",
        "http://[fe80::1%25lo]:{port}/",
        "http://[fec0::1]:{port}/",
        "http://[v1.127.0.0.1]:{port}/",
        "http://example.org@127.0.0.1:{port}/",
        "http://example.org:80@127.0.0.1:{port}/",
        "http://example.org%40127.0.0.1:{port}/",
        "http://127.0.0.1:{port}\\@example.org/",
        "http://example.org\\@127.0.0.1:{port}/",
        "http://127.0.0.1:{port}#@example.org/",
        "http://127.0.0.1:{port}?@example.org/",
        "http:\\\\127.0.0.1:{port}/",
        "http:/127.0.0.1:{port}/",
        "http:127.0.0.1:{port}/",
        "//127.0.0.1:{port}/",
        "http://127.0.0.1\t:{port}/",
        "http://127.0.0.1\n:{port}/",
        "http://10.0.0.1:{port}/",
        "http://169.254.169.254:{port}/latest/meta-data/",
        "http://[fd00:ec2::254]:{port}/",
        "ftp://127.0.0.1:{port}/",
        "gopher://127.0.0.1:{port}/_x",
        "file:///etc/passwd",
        "jar:http://127.0.0.1:{port}!/",
        "data:text/xml,<rss/>",
    )
)

UNCLEAR_URLS = (
    "",
    "example.org/feed",
    "http://",
    "http:///x",
    "http://./",
    "http://..example.org/",
    "http://-example.org/",
    "http://exa mple.org/",
    "http://exam\tple.org/",
    "http://example.org\\@evil.example/",
    "http://example.org/?half=\ud800",
    "http://user@example.org/",
    "http://user:secret@example.org/",
    "http://@example.org/",
    "http://127.1/",
    "http://2130706433/",
    "http://0x7f.1/",
    "http://0177.0.0.1/",
    "http://256.1.1.1/",
    "http://1.2.3.4.5/",
    "http://example.1/",
    "http://example.0x7f/",
    "http://[::1/",
    "http://[::1%25eth0]/",
    "http://[::1]x/",
    "http://[v1.x]/",
    "http://exa%6dple.org/",
    "http://example.org:0/",
    "http://example.org:99999/",
    "http://example.org:x/",
    "http://example.org:-1/",
    "http://" + "a" * 64 + ".org/",
    "http://" + "a." * 140 + "org/",
    "http://example.org/" + "x" * 9_000,
    "http://xn--\u0080.org/",
    "javascript:alert(1)",
    "file:///etc/passwd",
    "ftp://example.org/",
    "feed://example.org/",
    "\x00http://example.org/",
)
