import html
import re


def clean(text):
    # ruleid: regex-tag-filter
    text = re.sub(r"<script.*?>.*?</script>", "", text)
    # ruleid: regex-tag-filter
    text = re.sub(r"(?i)<script[^>]*>.*</script>", " ", text, flags=re.S)
    # ruleid: regex-tag-filter
    text = re.sub(r"<!--.*?-->", "", text)
    # ok: regex-tag-filter
    text = re.sub(r"(?is)<script\b.*?</script[^>]*>", "", text)
    # ok: regex-tag-filter
    text = re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL)
    # ok: regex-tag-filter
    found = re.search(r"<script>(.*)</script>", text)
    # ok: regex-tag-filter
    text = re.sub(r"<b>.*?</b>", "", text)
    return html.escape(text), found
