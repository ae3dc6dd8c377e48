def is_admin(user):
    return user.admin


# ruleid: look-alike-name
def is_аdmin(user):
    return True


# ruleid: look-alike-name
pаssword = "x"
# ok: look-alike-name
имя = "x"
# ok: look-alike-name
tenπ = is_admin(имя)
# ok: look-alike-name
text = "pаssword = 1"
# ok: look-alike-name
comment = 1  # pаssword = 1

# ruleid: invisible-character
if text == "admin​":
    pass
# ruleid: invisible-character
prompt = "hello󠁁"
# ruleid: invisible-character
ㅤ = 1
# ok: invisible-character
escaped = "\u200b"
# ok: invisible-character
family = "👨‍👩"
# ok: invisible-character
blank = "   "
