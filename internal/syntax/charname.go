package syntax

import (
	"hash/maphash"
	"slices"
	"strconv"
	"strings"
	"sync"

	"golang.org/x/text/unicode/runenames"
)

// runeNamed finds a character by its Unicode name, as in "\N{GREEK SMALL LETTER ALPHA}". ok is false when no
// character has the name in the version of Unicode that is built in, or when it is a rare alias.
func runeNamed(name string) (r rune, ok bool) {
	name = strings.ToUpper(name)
	if r, ok := controlNames[name]; ok {
		return r, true
	}
	for _, prefix := range [...]string{"CJK UNIFIED IDEOGRAPH-", "CJK COMPATIBILITY IDEOGRAPH-"} {
		if hex, ok := strings.CutPrefix(name, prefix); ok {
			v, err := strconv.ParseUint(hex, 16, 21)
			return rune(v), err == nil
		}
	}
	if syllable, ok := strings.CutPrefix(name, "HANGUL SYLLABLE "); ok {
		return hangul(syllable)
	}
	index := nameIndex()
	h := nameHash(name)
	i, _ := slices.BinarySearchFunc(index, h, func(e nameEntry, h uint32) int {
		switch {
		case e.hash < h:
			return -1
		case e.hash > h:
			return 1
		}
		return 0
	})
	for ; i < len(index) && index[i].hash == h; i++ {
		if runenames.Name(index[i].r) == name {
			return index[i].r, true
		}
	}
	return 0, false
}

type nameEntry struct {
	hash uint32
	r    rune
}

var nameSeed = maphash.MakeSeed()

func nameHash(name string) uint32 { return uint32(maphash.String(nameSeed, name)) }

// nameIndex is made when a text first names a character: few do.
var nameIndex = sync.OnceValue(func() []nameEntry {
	var index []nameEntry
	for r := rune(0x20); r <= 0xE01EF; r++ {
		if r == 0x323B0 {
			r = 0xE0000 // no names between
		}
		if name := runenames.Name(r); name != "" && name[0] != '<' {
			index = append(index, nameEntry{nameHash(name), r})
		}
	}
	slices.SortFunc(index, func(a, b nameEntry) int {
		if a.hash != b.hash {
			if a.hash < b.hash {
				return -1
			}
			return 1
		}
		return int(a.r - b.r)
	})
	return index
})

// The Jamo short names of Unicode's chapter 3.12.
var (
	hangulL = strings.Fields("G GG N D DD R M B BB S SS - J JJ C K T P H")
	hangulV = strings.Fields("A AE YA YAE EO E YEO YE O WA WAE OE YO U WEO WE WI YU EU YI I")
	hangulT = strings.Fields("- G GG GS N NJ NH D L LG LM LB LS LT LP LH M B BS S SS NG J C K T P H")
)

func hangul(s string) (rune, bool) {
	for l, a := range hangulL {
		for v, b := range hangulV {
			rest, ok := strings.CutPrefix(s, strings.Trim(a, "-")+b)
			if !ok {
				continue
			}
			for t, c := range hangulT {
				if rest == strings.Trim(c, "-") {
					return rune(0xAC00 + (l*21+v)*28 + t), true
				}
			}
		}
	}
	return 0, false
}

// controlNames are the aliases that Unicode gives the characters without a name, and the usual abbreviations.
var controlNames = map[string]rune{
	"NULL": 0, "NUL": 0, "START OF HEADING": 1, "SOH": 1, "START OF TEXT": 2, "STX": 2, "END OF TEXT": 3, "ETX": 3,
	"END OF TRANSMISSION": 4, "EOT": 4, "ENQUIRY": 5, "ENQ": 5, "ACKNOWLEDGE": 6, "ACK": 6, "ALERT": 7, "BEL": 7,
	"BACKSPACE": 8, "BS": 8, "CHARACTER TABULATION": 9, "HORIZONTAL TABULATION": 9, "HT": 9, "TAB": 9, "LINE FEED": 10,
	"NEW LINE": 10, "END OF LINE": 10, "LF": 10, "NL": 10, "EOL": 10, "LINE TABULATION": 11, "VERTICAL TABULATION": 11,
	"VT": 11, "FORM FEED": 12, "FF": 12, "CARRIAGE RETURN": 13, "CR": 13, "SHIFT OUT": 14, "SO": 14, "SHIFT IN": 15,
	"SI": 15, "DATA LINK ESCAPE": 16, "DLE": 16, "DEVICE CONTROL ONE": 17, "DC1": 17, "DEVICE CONTROL TWO": 18,
	"DC2": 18, "DEVICE CONTROL THREE": 19, "DC3": 19, "DEVICE CONTROL FOUR": 20, "DC4": 20, "NEGATIVE ACKNOWLEDGE": 21,
	"NAK": 21, "SYNCHRONOUS IDLE": 22, "SYN": 22, "END OF TRANSMISSION BLOCK": 23, "ETB": 23, "CANCEL": 24, "CAN": 24,
	"END OF MEDIUM": 25, "EOM": 25, "SUBSTITUTE": 26, "SUB": 26, "ESCAPE": 27, "ESC": 27, "FILE SEPARATOR": 28,
	"INFORMATION SEPARATOR FOUR": 28, "FS": 28, "GROUP SEPARATOR": 29, "INFORMATION SEPARATOR THREE": 29, "GS": 29,
	"RECORD SEPARATOR": 30, "INFORMATION SEPARATOR TWO": 30, "RS": 30, "UNIT SEPARATOR": 31,
	"INFORMATION SEPARATOR ONE": 31, "US": 31, "SP": 32, "DELETE": 127, "DEL": 127, "NEXT LINE": 133, "NEL": 133,
	"NBSP": 0xA0, "SHY": 0xAD, "ZWSP": 0x200B, "ZWNJ": 0x200C, "ZWJ": 0x200D, "LRM": 0x200E, "RLM": 0x200F,
	"LRE": 0x202A, "RLE": 0x202B, "PDF": 0x202C, "LRO": 0x202D, "RLO": 0x202E, "LRI": 0x2066, "RLI": 0x2067,
	"FSI": 0x2068, "PDI": 0x2069, "WJ": 0x2060, "BYTE ORDER MARK": 0xFEFF, "BOM": 0xFEFF, "ZWNBSP": 0xFEFF,
}
