// Package tabwriter is Go's package text/tabwriter: columns of cells that a tab ends are as wide as
// their widest cell.
package tabwriter

import (
	"fmt"
	"io"
	"unicode/utf8"
)

const (
	FilterHTML uint = 1 << iota
	StripEscape
	AlignRight
	DiscardEmptyColumns
	TabIndent
	Debug
)

const Escape = '\xff'

type cell struct {
	text  []byte
	width int  // in runes
	htab  bool // a '\t' ended it, not a '\v'
}

type Writer struct {
	output   io.Writer
	minwidth int
	tabwidth int
	padding  int
	padbytes [8]byte
	flags    uint

	lines   [][]cell
	last    cell  // which is not complete
	counted int   // so many bytes of it are part of its width
	endChar byte  // what ends the escaped text, tag or entity that it is in
	widths  []int // of the columns around the block that is being written
}

// failed is the panic that carries an error of the output.
type failed struct{ err error }

func NewWriter(output io.Writer, minwidth, tabwidth, padding int, padchar byte, flags uint) *Writer {
	return new(Writer).Init(output, minwidth, tabwidth, padding, padchar, flags)
}

func (b *Writer) Init(output io.Writer, minwidth, tabwidth, padding int, padchar byte, flags uint) *Writer {
	if minwidth < 0 || tabwidth < 0 || padding < 0 {
		panic("negative minwidth, tabwidth, or padding")
	}
	b.output = output
	b.minwidth, b.tabwidth, b.padding = minwidth, tabwidth, padding
	for i := range b.padbytes {
		b.padbytes[i] = padchar
	}
	if padchar == '\t' {
		// Columns cannot end where their text does.
		flags &^= AlignRight
	}
	b.flags = flags
	b.reset()
	return b
}

func (b *Writer) reset() {
	b.lines = [][]cell{nil}
	b.last = cell{}
	b.counted = 0
	b.endChar = 0
	b.widths = nil
}

// ---- output

func (b *Writer) put(text []byte) {
	n, err := b.output.Write(text)
	if err == nil && n != len(text) {
		err = io.ErrShortWrite
	}
	if err != nil {
		panic(failed{err})
	}
}

// repeat writes n bytes of text that is eight times the same.
func (b *Writer) repeat(text []byte, n int) {
	for ; n > len(text); n -= len(text) {
		b.put(text)
	}
	b.put(text[:n])
}

func (b *Writer) pad(textWidth, cellWidth int, useTabs bool) {
	if b.padbytes[0] != '\t' && !useTabs {
		b.repeat(b.padbytes[:], cellWidth-textWidth)
		return
	}
	if b.tabwidth == 0 {
		return
	}
	cellWidth = (cellWidth + b.tabwidth - 1) / b.tabwidth * b.tabwidth
	n := cellWidth - textWidth
	if n < 0 {
		panic("internal error")
	}
	b.repeat([]byte("\t\t\t\t\t\t\t\t"), (n+b.tabwidth-1)/b.tabwidth)
}

// writeLines writes the lines [from, to) with the widths of the columns known.
func (b *Writer) writeLines(from, to int) {
	for i := from; i < to; i++ {
		indenting := b.flags&TabIndent != 0
		for j, c := range b.lines[i] {
			if j > 0 && b.flags&Debug != 0 {
				b.put([]byte{'|'})
			}
			inColumn := j < len(b.widths)
			if len(c.text) == 0 {
				if inColumn {
					b.pad(c.width, b.widths[j], indenting)
				}
				continue
			}
			indenting = false
			if b.flags&AlignRight != 0 && inColumn {
				b.pad(c.width, b.widths[j], false)
			}
			b.put(c.text)
			if b.flags&AlignRight == 0 && inColumn {
				b.pad(c.width, b.widths[j], false)
			}
		}
		if i+1 == len(b.lines) {
			b.put(b.last.text)
		} else {
			b.put([]byte{'\n'})
		}
	}
}

// format writes the lines [from, to): block by block, a block being neighbouring lines that all have
// a cell in the next column.
func (b *Writer) format(from, to int) {
	column := len(b.widths)
	for i := from; i < to; i++ {
		if column >= len(b.lines[i])-1 {
			continue
		}
		b.writeLines(from, i)
		from = i
		width, discardable := b.minwidth, true
		for ; i < to && column < len(b.lines[i])-1; i++ {
			c := b.lines[i][column]
			width = max(width, c.width+b.padding)
			if c.width > 0 || c.htab {
				discardable = false
			}
		}
		if discardable && b.flags&DiscardEmptyColumns != 0 {
			width = 0
		}
		b.widths = append(b.widths, width)
		b.format(from, i)
		b.widths = b.widths[:column]
		from = i
	}
	b.writeLines(from, to)
}

// ---- input

func (b *Writer) add(text []byte) { b.last.text = append(b.last.text, text...) }

func (b *Writer) count() {
	b.last.width += utf8.RuneCount(b.last.text[b.counted:])
	b.counted = len(b.last.text)
}

func (b *Writer) startEscape(ch byte) {
	switch ch {
	case '<':
		ch = '>'
	case '&':
		ch = ';'
	}
	b.endChar = ch
}

func (b *Writer) endEscape() {
	switch b.endChar {
	case Escape:
		b.count()
		if b.flags&StripEscape == 0 {
			b.last.width -= 2
		}
	case ';':
		b.last.width++ // an entity is one character, a tag none
	}
	b.counted = len(b.last.text)
	b.endChar = 0
}

// endCell completes the last cell and returns how many its line has.
func (b *Writer) endCell(htab bool) int {
	b.last.htab = htab
	line := &b.lines[len(b.lines)-1]
	*line = append(*line, b.last)
	b.last = cell{}
	b.counted = 0
	return len(*line)
}

func (b *Writer) recovered(err *error, op string) {
	r := recover()
	if r == nil {
		return
	}
	if op == "Flush" {
		b.reset()
	}
	f, ok := r.(failed)
	if !ok {
		panic(fmt.Sprintf("tabwriter: panic during %s (%v)", op, r))
	}
	*err = f.err
}

func (b *Writer) Flush() (err error) {
	defer b.recovered(&err, "Flush")
	b.flush()
	return nil
}

func (b *Writer) flush() {
	if len(b.last.text) > 0 {
		if b.endChar != 0 {
			b.endEscape()
		}
		b.endCell(false)
	}
	b.format(0, len(b.lines))
	b.reset()
}

func (b *Writer) Write(buf []byte) (n int, err error) {
	defer b.recovered(&err, "Write")
	for i, ch := range buf {
		if b.endChar != 0 {
			if ch != b.endChar {
				continue
			}
			end := i + 1
			if ch == Escape && b.flags&StripEscape != 0 {
				end = i
			}
			b.add(buf[n:end])
			n = i + 1
			b.endEscape()
			continue
		}
		switch ch {
		case '\t', '\v', '\n', '\f':
			b.add(buf[n:i])
			b.count()
			n = i + 1
			cells := b.endCell(ch == '\t')
			if ch == '\n' || ch == '\f' {
				b.lines = append(b.lines, nil)
				if ch == '\f' || cells == 1 {
					// No column goes on behind this line.
					b.flush()
					if ch == '\f' && b.flags&Debug != 0 {
						b.put([]byte("---\n"))
					}
				}
			}
		case Escape:
			b.add(buf[n:i])
			b.count()
			n = i
			if b.flags&StripEscape != 0 {
				n++
			}
			b.startEscape(ch)
		case '<', '&':
			if b.flags&FilterHTML != 0 {
				b.add(buf[n:i])
				b.count()
				n = i
				b.startEscape(ch)
			}
		}
	}
	b.add(buf[n:])
	return len(buf), nil
}
