// Package time is gosim's model of Go's package time, on the virtual clock. Times are in UTC.
package time

import "errors"

// A Duration is a span of time in nanoseconds.
type Duration int64

const (
	Nanosecond  Duration = 1
	Microsecond          = 1000 * Nanosecond
	Millisecond          = 1000 * Microsecond
	Second               = 1000 * Millisecond
	Minute               = 60 * Second
	Hour                 = 60 * Minute
)

func (d Duration) Abs() Duration
func (d Duration) Hours() float64
func (d Duration) Microseconds() int64
func (d Duration) Milliseconds() int64
func (d Duration) Minutes() float64
func (d Duration) Nanoseconds() int64
func (d Duration) Round(m Duration) Duration
func (d Duration) Seconds() float64
func (d Duration) String() string
func (d Duration) Truncate(m Duration) Duration

// ParseDuration reads a text such as "1h15m30.918s".
func ParseDuration(s string) (Duration, error)

type Month int

const (
	January Month = 1 + iota
	February
	March
	April
	May
	June
	July
	August
	September
	October
	November
	December
)

func (m Month) String() string

type Weekday int

const (
	Sunday Weekday = iota
	Monday
	Tuesday
	Wednesday
	Thursday
	Friday
	Saturday
)

func (d Weekday) String() string

const (
	Layout      = "01/02 03:04:05PM '06 -0700"
	ANSIC       = "Mon Jan _2 15:04:05 2006"
	UnixDate    = "Mon Jan _2 15:04:05 MST 2006"
	RubyDate    = "Mon Jan 02 15:04:05 -0700 2006"
	RFC822      = "02 Jan 06 15:04 MST"
	RFC822Z     = "02 Jan 06 15:04 -0700"
	RFC850      = "Monday, 02-Jan-06 15:04:05 MST"
	RFC1123     = "Mon, 02 Jan 2006 15:04:05 MST"
	RFC1123Z    = "Mon, 02 Jan 2006 15:04:05 -0700"
	RFC3339     = "2006-01-02T15:04:05Z07:00"
	RFC3339Nano = "2006-01-02T15:04:05.999999999Z07:00"
	Kitchen     = "3:04PM"
	Stamp       = "Jan _2 15:04:05"
	StampMilli  = "Jan _2 15:04:05.000"
	StampMicro  = "Jan _2 15:04:05.000000"
	StampNano   = "Jan _2 15:04:05.000000000"
	DateTime    = "2006-01-02 15:04:05"
	DateOnly    = "2006-01-02"
	TimeOnly    = "15:04:05"
)

// A Location is a time zone with a fixed offset: there is no database of zones.
//
//gosim:is gosim.std.time.Zone
type Location struct{ _ int }

// UTC is the zone of the simulated machine, too.
var (
	UTC   *Location = zone("UTC", 0)
	Local *Location = zone("Local", 0)
)

func zone(name string, offset int) *Location

func (l *Location) String() string

// FixedZone returns a zone.
func FixedZone(name string, offset int) *Location {
	return zone(name, offset)
}

// LoadLocation knows UTC and Local only, as on a machine without a database of zones.
func LoadLocation(name string) (*Location, error) {
	switch name {
	case "", "UTC":
		return UTC, nil
	case "Local":
		return Local, nil
	}
	return nil, errors.New("unknown time zone " + name)
}

// A Time is a point in time.
//
//gosim:is gosim.std.time.Time
type Time struct{ _ int }

func Now() Time

//gosim:is gosim.std.time.unix
func Unix(sec int64, nsec int64) Time

//gosim:is gosim.std.time.unix_micro
func UnixMicro(usec int64) Time

//gosim:is gosim.std.time.unix_milli
func UnixMilli(msec int64) Time

// Date returns the time of a calendar date; values out of range run over.
func Date(year int, month Month, day, hour, min, sec, nsec int, loc *Location) Time {
	if loc == nil {
		panic("time: missing Location in call to Date")
	}
	return date(year, month, day, hour, min, sec, nsec, loc)
}

func date(year int, month Month, day, hour, min, sec, nsec int, loc *Location) Time

// A ParseError says why a text is no time.
type ParseError struct {
	Layout     string
	Value      string
	LayoutElem string
	ValueElem  string
	Message    string
}

func (e *ParseError) Error() string {
	if e.Message != "" {
		return "parsing time " + quote(e.Value) + e.Message
	}
	return "parsing time " + quote(e.Value) + " as " + quote(e.Layout) +
		": cannot parse " + quote(e.ValueElem) + " as " + quote(e.LayoutElem)
}

func quote(s string) string

// Parse reads a time in UTC.
func Parse(layout, value string) (Time, error) {
	return ParseInLocation(layout, value, UTC)
}

// ParseInLocation reads a time that is in loc when it does not say where.
func ParseInLocation(layout, value string, loc *Location) (Time, error) {
	t, ok, layoutElem, valueElem, message := parse(layout, value, loc)
	if !ok {
		return Time{}, &ParseError{layout, value, layoutElem, valueElem, message}
	}
	return t, nil
}

func parse(layout, value string, loc *Location) (t Time, ok bool, layoutElem, valueElem, message string)

func Since(t Time) Duration
func Until(t Time) Duration

func (t Time) Add(d Duration) Time
func (t Time) AddDate(years int, months int, days int) Time
func (t Time) After(u Time) bool
func (t Time) AppendFormat(b []byte, layout string) []byte {
	return append(b, t.Format(layout)...)
}
func (t Time) Before(u Time) bool
func (t Time) Clock() (hour, min, sec int)
func (t Time) Compare(u Time) int
func (t Time) Date() (year int, month Month, day int)
func (t Time) Day() int
func (t Time) Equal(u Time) bool
func (t Time) Format(layout string) string
func (t Time) GoString() string
func (t Time) Hour() int

//gosim:calls iso_week
func (t Time) ISOWeek() (year, week int)

// In returns the same instant in another zone.
func (t Time) In(loc *Location) Time {
	if loc == nil {
		panic("time: missing Location in call to Time.In")
	}
	return t.in(loc)
}

func (t Time) in(loc *Location) Time

// IsDST is false: zones have one offset.
func (t Time) IsDST() bool { return false }
func (t Time) IsZero() bool
func (t Time) Local() Time
func (t Time) Location() *Location {
	if loc := t.location(); loc != nil {
		return loc
	}
	return UTC
}
func (t Time) location() *Location
func (t Time) Minute() int
func (t Time) Month() Month
func (t Time) Nanosecond() int
func (t Time) Round(d Duration) Time
func (t Time) Second() int
func (t Time) String() string
func (t Time) Sub(u Time) Duration
func (t Time) Truncate(d Duration) Time
func (t Time) UTC() Time
func (t Time) Unix() int64
func (t Time) UnixMicro() int64
func (t Time) UnixMilli() int64
func (t Time) UnixNano() int64
func (t Time) Weekday() Weekday
func (t Time) Year() int
func (t Time) YearDay() int
func (t Time) Zone() (name string, offset int)

// Sleep pauses the goroutine.
//
//gosim:is gosim.std.time.sleep
//gosim:blocks
func Sleep(d Duration)

//gosim:is gosim.std.time.Timer
type Timer struct {
	C <-chan Time
}

//gosim:is gosim.std.time.new_timer
func NewTimer(d Duration) *Timer

//gosim:is gosim.std.time.after
func After(d Duration) <-chan Time

//gosim:later
func AfterFunc(d Duration, f func()) *Timer

func (t *Timer) Reset(d Duration) bool
func (t *Timer) Stop() bool

//gosim:is gosim.std.time.Ticker
type Ticker struct {
	C <-chan Time
}

//gosim:is gosim.std.time.new_ticker
func NewTicker(d Duration) *Ticker

func Tick(d Duration) <-chan Time

func (t *Ticker) Reset(d Duration)
func (t *Ticker) Stop()
