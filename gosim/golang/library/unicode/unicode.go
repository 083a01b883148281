// Package unicode is Go's package unicode.
package unicode

//gosim:since 1.27
const Version = "17.0.0"

//gosim:until 1.26
const Version = "15.0.0"

const (
	MaxRune         = '\U0010FFFF'
	ReplacementChar = '\uFFFD'
	MaxASCII        = '\u007F'
	MaxLatin1       = '\u00FF'
)

const (
	UpperCase = iota
	LowerCase
	TitleCase
	MaxCase
)

const UpperLower = MaxRune + 1

type RangeTable struct {
	R16         []Range16
	R32         []Range32
	LatinOffset int
}

type Range16 struct {
	Lo     uint16
	Hi     uint16
	Stride uint16
}

type Range32 struct {
	Lo     uint32
	Hi     uint32
	Stride uint32
}

type d [MaxCase]rune

type CaseRange struct {
	Lo    uint32
	Hi    uint32
	Delta d
}

type SpecialCase []CaseRange

func IsControl(r rune) bool

func IsDigit(r rune) bool

func IsGraphic(r rune) bool

func IsLetter(r rune) bool

func IsLower(r rune) bool

func IsMark(r rune) bool

func IsNumber(r rune) bool

func IsPrint(r rune) bool

func IsPunct(r rune) bool

func IsSpace(r rune) bool

func IsSymbol(r rune) bool

func IsTitle(r rune) bool

func IsUpper(r rune) bool

func SimpleFold(r rune) rune

func To(_case int, r rune) rune

func ToLower(r rune) rune

func ToTitle(r rune) rune

func ToUpper(r rune) rune

func Is(rangeTab *RangeTable, r rune) bool {
	if r16 := rangeTab.R16; len(r16) > 0 && uint32(r) <= uint32(r16[len(r16)-1].Hi) {
		i, j := 0, len(r16)
		for i < j {
			m := (i + j) / 2
			switch each := &r16[m]; {
			case uint16(r) < each.Lo:
				j = m
			case uint16(r) > each.Hi:
				i = m + 1
			default:
				return (uint16(r)-each.Lo)%each.Stride == 0
			}
		}
		return false
	}
	r32 := rangeTab.R32
	if len(r32) == 0 || r < rune(r32[0].Lo) {
		return false
	}
	i, j := 0, len(r32)
	for i < j {
		m := (i + j) / 2
		switch each := &r32[m]; {
		case uint32(r) < each.Lo:
			j = m
		case uint32(r) > each.Hi:
			i = m + 1
		default:
			return (uint32(r)-each.Lo)%each.Stride == 0
		}
	}
	return false
}

func In(r rune, ranges ...*RangeTable) bool { return IsOneOf(ranges, r) }

func IsOneOf(ranges []*RangeTable, r rune) bool {
	for _, each := range ranges {
		if Is(each, r) {
			return true
		}
	}
	return false
}

// ranges returns the ranges of a table, three numbers for each, and LatinOffset.
func ranges(name string) ([]uint32, int)

// names returns the keys of one of the maps.
func names(of string) []string

// cases returns CaseRanges, five numbers for each.
func cases() []int32

var made = map[string]*RangeTable{}

// table returns the table of a name, always the same one.
func table(name string) *RangeTable {
	if t, ok := made[name]; ok {
		return t
	}
	flat, latin := ranges(name)
	t := &RangeTable{LatinOffset: latin}
	for i := 0; i < len(flat); i += 3 {
		if flat[i+1] <= 0xffff {
			t.R16 = append(t.R16, Range16{uint16(flat[i]), uint16(flat[i+1]), uint16(flat[i+2])})
		} else {
			t.R32 = append(t.R32, Range32{flat[i], flat[i+1], flat[i+2]})
		}
	}
	made[name] = t
	return t
}

func tables(of, prefix string) map[string]*RangeTable {
	m := map[string]*RangeTable{}
	for _, name := range names(of) {
		m[name] = table(prefix + name)
	}
	return m
}

func caseRanges() []CaseRange {
	flat := cases()
	c := make([]CaseRange, 0, len(flat)/5)
	for i := 0; i < len(flat); i += 5 {
		c = append(c, CaseRange{uint32(flat[i]), uint32(flat[i+1]), d{flat[i+2], flat[i+3], flat[i+4]}})
	}
	return c
}

var (
	Categories   = tables("Categories", "")
	Scripts      = tables("Scripts", "")
	Properties   = tables("Properties", "")
	FoldCategory = tables("FoldCategory", "FoldCategory:")
	FoldScript   = tables("FoldScript", "FoldScript:")
	CaseRanges   = caseRanges()

	GraphicRanges = []*RangeTable{L, M, N, P, S, Zs}
	PrintRanges   = []*RangeTable{L, M, N, P, S}
)

//gosim:since 1.25
var CategoryAliases = map[string]string{
	"Cased_Letter":          "LC",
	"Close_Punctuation":     "Pe",
	"Combining_Mark":        "M",
	"Connector_Punctuation": "Pc",
	"Control":               "Cc",
	"Currency_Symbol":       "Sc",
	"Dash_Punctuation":      "Pd",
	"Decimal_Number":        "Nd",
	"Enclosing_Mark":        "Me",
	"Final_Punctuation":     "Pf",
	"Format":                "Cf",
	"Initial_Punctuation":   "Pi",
	"Letter":                "L",
	"Letter_Number":         "Nl",
	"Line_Separator":        "Zl",
	"Lowercase_Letter":      "Ll",
	"Mark":                  "M",
	"Math_Symbol":           "Sm",
	"Modifier_Letter":       "Lm",
	"Modifier_Symbol":       "Sk",
	"Nonspacing_Mark":       "Mn",
	"Number":                "N",
	"Open_Punctuation":      "Ps",
	"Other":                 "C",
	"Other_Letter":          "Lo",
	"Other_Number":          "No",
	"Other_Punctuation":     "Po",
	"Other_Symbol":          "So",
	"Paragraph_Separator":   "Zp",
	"Private_Use":           "Co",
	"Punctuation":           "P",
	"Separator":             "Z",
	"Space_Separator":       "Zs",
	"Spacing_Mark":          "Mc",
	"Surrogate":             "Cs",
	"Symbol":                "S",
	"Titlecase_Letter":      "Lt",
	"Unassigned":            "Cn",
	"Uppercase_Letter":      "Lu",
	"cntrl":                 "Cc",
	"digit":                 "Nd",
	"punct":                 "P",
}

var (
	TurkishCase SpecialCase = turkish
	AzeriCase   SpecialCase = turkish
)

var turkish = SpecialCase{
	{'I', 'I', d{0, 'ı' - 'I', 0}},
	{'i', 'i', d{'İ' - 'i', 0, 'İ' - 'i'}},
	{'İ', 'İ', d{0, 'i' - 'İ', 0}},
	{'ı', 'ı', d{'I' - 'ı', 0, 'I' - 'ı'}},
}

// to returns what special says of a rune, and whether it says anything.
func (special SpecialCase) to(_case int, r rune) (rune, bool) {
	i, j := 0, len(special)
	for i < j {
		m := (i + j) / 2
		each := &special[m]
		if rune(each.Lo) <= r && r <= rune(each.Hi) {
			if delta := each.Delta[_case]; delta <= MaxRune {
				return r + delta, true
			}
			return rune(each.Lo) + ((r-rune(each.Lo))&^1 | rune(_case&1)), true
		}
		if r < rune(each.Lo) {
			j = m
		} else {
			i = m + 1
		}
	}
	return r, false
}

func (special SpecialCase) ToUpper(r rune) rune {
	if mapped, ok := special.to(UpperCase, r); ok {
		return mapped
	}
	return ToUpper(r)
}

func (special SpecialCase) ToTitle(r rune) rune {
	if mapped, ok := special.to(TitleCase, r); ok {
		return mapped
	}
	return ToTitle(r)
}

func (special SpecialCase) ToLower(r rune) rune {
	if mapped, ok := special.to(LowerCase, r); ok {
		return mapped
	}
	return ToLower(r)
}
