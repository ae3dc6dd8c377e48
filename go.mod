module github.com/wadjet-security/wadjet

go 1.26
