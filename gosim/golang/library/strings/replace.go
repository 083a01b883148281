package strings

import "io"

// Replacer replaces several strings; oldnew are pairs.
type Replacer struct {
	oldnew []string
}

func NewReplacer(oldnew ...string) *Replacer {
	if len(oldnew)%2 == 1 {
		panic("strings.NewReplacer: odd argument count")
	}
	return &Replacer{append([]string(nil), oldnew...)}
}

func replaceAll(s string, oldnew []string) string

func (r *Replacer) Replace(s string) string { return replaceAll(s, r.oldnew) }

func (r *Replacer) WriteString(w io.Writer, s string) (n int, err error) {
	return io.WriteString(w, replaceAll(s, r.oldnew))
}
