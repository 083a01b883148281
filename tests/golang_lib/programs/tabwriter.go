// Package text/tabwriter.
package main

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"text/tabwriter"
)

type chunks struct{ left int }

func (c *chunks) Write(p []byte) (int, error) {
	fmt.Printf("%q ", p)
	if c.left--; c.left < 0 {
		return 0, errors.New("full")
	}
	return len(p), nil
}

func main() {
	texts := []string{
		"a\tb\tc\nlonger\tx\ty\n\nnew\tblock\n",
		"name\tsize\tdate\t\nmain.go\t12\tyesterday\t\nvery_long_name.go\t1234567\tlong ago\t\n",
		"\tindented\tx\n\t\ttwice\ty\nno cells\n",
		"v\vsoft\v\v\nww\vcells\vx\v\n",
		"\xfftab\there\xff\tb\nc\td\n",
		"<b>html</b>\t&lt;\tz\nplain\tx&amp;y\tz\n",
		"世界\té\tw\nascii\te\tw\n",
		"page\tone\f2\ttwo\n",
		"unfinished\tline",
		"a\t\t\tb\n\t\t\t\nc\t\t\td\n",
	}
	settings := []struct {
		min, tab, pad int
		char          byte
		flags         uint
	}{
		{0, 8, 0, '\t', 0},
		{0, 8, 1, ' ', 0},
		{5, 0, 1, ' ', tabwriter.AlignRight},
		{0, 4, 2, '.', tabwriter.Debug},
		{8, 8, 1, '\t', tabwriter.Debug | tabwriter.AlignRight},
		{0, 8, 1, ' ', tabwriter.TabIndent | tabwriter.DiscardEmptyColumns},
		{0, 8, 1, '-', tabwriter.StripEscape | tabwriter.FilterHTML},
		{20, 8, 3, ' ', tabwriter.FilterHTML | tabwriter.AlignRight | tabwriter.Debug},
		{0, 0, 0, '\t', 0},
	}
	for _, s := range settings {
		for _, text := range texts {
			var out strings.Builder
			w := tabwriter.NewWriter(&out, s.min, s.tab, s.pad, s.char, s.flags)
			n, err := w.Write([]byte(text))
			fmt.Println(n, err, w.Flush())
			fmt.Printf("%q\n", out.String())
			out.Reset()
			w.Init(&out, s.min, s.tab, s.pad, s.char, s.flags)
			for i := range len(text) {
				w.Write([]byte{text[i]})
			}
			w.Flush()
			fmt.Printf("%q\n", out.String())
		}
	}
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 3, ' ', 0)
	fmt.Fprintln(w, "ID\tNAME\tSTATE")
	for i := range 3 {
		fmt.Fprintf(w, "%d\tworker-%d\t%v\n", i, i*100, i%2 == 0)
	}
	w.Flush()
	for left := range 4 {
		w = tabwriter.NewWriter(&chunks{left}, 0, 8, 12, ' ', 0)
		n, err := fmt.Fprint(w, "a\tb\nc\td\n\n")
		fmt.Println(n, err, w.Flush())
	}
	defer func() { fmt.Println(recover()) }()
	tabwriter.NewWriter(os.Stdout, -1, 0, 0, ' ', 0)
}
