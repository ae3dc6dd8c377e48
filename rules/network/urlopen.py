from urllib.request import urlopen


def fetch(url, mine):
    # ruleid: urlopen
    urlopen(url)
    # ok: urlopen
    urlopen("https://example.org/a")
    # ok: urlopen
    mine.urlopen(url)
