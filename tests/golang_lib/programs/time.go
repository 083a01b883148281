package main

import (
	"fmt"
	"time"
)

func try(f func()) {
	defer func() {
		if x := recover(); x != nil {
			fmt.Println("panic:", x)
		}
	}()
	f()
}

type event struct {
	at  time.Time
	dur time.Duration
}

func main() {
	d := 1500 * time.Millisecond
	fmt.Println(d, d.Seconds(), d.Milliseconds(), d.Microseconds(), d.Nanoseconds(), d.Minutes(), d.Hours())
	fmt.Println(d.Round(time.Second), d.Truncate(time.Second), (-d).Abs(), time.Duration(0), time.Duration(999))
	fmt.Printf("%v %d %s %T %5.2f\n", d, d, d, d, d.Seconds())
	for _, s := range []string{"1h15m30.918s", "-1.5h", "3 s", "", "5", "1us", "1µs", ".5m", "9223372036854775808ns"} {
		d, err := time.ParseDuration(s)
		fmt.Println(d, err)
	}
	fmt.Println(time.March, time.Saturday, time.Month(13), time.Weekday(9))
	t := time.Date(2024, time.February, 29, 13, 4, 5, 678900000, time.UTC)
	fmt.Println(t, t.Unix(), t.UnixNano(), t.UnixMilli(), t.Weekday(), t.YearDay())
	fmt.Println(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond())
	fmt.Println(t.Date())
	fmt.Println(t.Clock())
	fmt.Println(t.ISOWeek())
	for _, layout := range []string{time.ANSIC, time.UnixDate, time.RFC822, time.RFC850, time.RFC1123, time.RFC3339, time.RFC3339Nano, time.Kitchen, time.Stamp, time.StampMicro, time.DateTime, time.DateOnly, time.TimeOnly, "Jan _2 06 03:04PM .000"} {
		fmt.Println(t.Format(layout))
	}
	u := t.Add(36 * time.Hour)
	fmt.Println(u.Sub(t), t.Before(u), t.After(u), t.Equal(t), t == u, t == t.Add(0), u.Compare(t))
	fmt.Println(t.AddDate(1, 0, 0), t.Truncate(time.Hour), t.Round(time.Hour))
	fmt.Println(time.Unix(1e9, 5).UTC(), time.UnixMilli(1500).UTC())
	var zero time.Time
	fmt.Println(zero, zero.IsZero(), zero.Unix())
	fmt.Printf("%v|%s|%T\n", t, t, t)
	m := map[time.Time]string{t: "t"}
	fmt.Println(m[t.Add(0)])
	e := event{at: t, dur: time.Second}
	f := e
	f.at = f.at.Add(time.Hour)
	fmt.Println(e.at.Hour(), f.at.Hour(), e == event{t, time.Second})
	p := &e.at
	*p = p.AddDate(0, 1, 0)
	fmt.Println(e.at.Month(), f.at.Month())
	var s fmt.Stringer = t
	fmt.Println(s.String() == t.String(), s.(time.Time).Equal(t))

	start := time.Now()
	time.Sleep(250 * time.Millisecond)
	fmt.Println(time.Since(start) >= 250*time.Millisecond, time.Until(start) < 0)
	timer := time.NewTimer(time.Hour)
	fmt.Println(timer.Stop(), timer.Stop(), timer.Reset(time.Millisecond))
	<-timer.C
	done := make(chan bool)
	fmt.Println(time.AfterFunc(time.Millisecond, func() { fmt.Println("fired"); done <- true }).C == nil)
	<-done
	ticker := time.NewTicker(10 * time.Millisecond)
	for i := 0; i < 3; i++ {
		<-ticker.C
	}
	ticker.Stop()
	ticker.Reset(time.Millisecond)
	<-ticker.C
	select {
	case <-time.After(5 * time.Millisecond):
		fmt.Println("after")
	case <-done:
	}
	<-time.Tick(time.Millisecond)
	fmt.Println(time.Tick(0) == nil)
	try(func() { time.NewTicker(0) })
	try(func() { var t time.Timer; t.Stop() })
	try(func() { time.Date(2000, 1, 1, 0, 0, 0, 0, nil) })
	fmt.Println(time.UTC, t.Location())
}
