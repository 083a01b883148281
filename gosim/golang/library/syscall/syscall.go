// Package syscall is gosim's model of Go's package syscall: the signals that os/signal and the
// shutdown of a server name. There is no system to call.
package syscall

// A Signal is a number describing a process signal.
type Signal int

// The signals of linux/amd64.
const (
	SIGHUP    = Signal(0x1)
	SIGINT    = Signal(0x2)
	SIGQUIT   = Signal(0x3)
	SIGILL    = Signal(0x4)
	SIGTRAP   = Signal(0x5)
	SIGABRT   = Signal(0x6)
	SIGIOT    = Signal(0x6)
	SIGBUS    = Signal(0x7)
	SIGFPE    = Signal(0x8)
	SIGKILL   = Signal(0x9)
	SIGUSR1   = Signal(0xa)
	SIGSEGV   = Signal(0xb)
	SIGUSR2   = Signal(0xc)
	SIGPIPE   = Signal(0xd)
	SIGALRM   = Signal(0xe)
	SIGTERM   = Signal(0xf)
	SIGSTKFLT = Signal(0x10)
	SIGCHLD   = Signal(0x11)
	SIGCLD    = Signal(0x11)
	SIGCONT   = Signal(0x12)
	SIGSTOP   = Signal(0x13)
	SIGTSTP   = Signal(0x14)
	SIGTTIN   = Signal(0x15)
	SIGTTOU   = Signal(0x16)
	SIGURG    = Signal(0x17)
	SIGXCPU   = Signal(0x18)
	SIGXFSZ   = Signal(0x19)
	SIGVTALRM = Signal(0x1a)
	SIGPROF   = Signal(0x1b)
	SIGWINCH  = Signal(0x1c)
	SIGIO     = Signal(0x1d)
	SIGPOLL   = Signal(0x1d)
	SIGPWR    = Signal(0x1e)
	SIGSYS    = Signal(0x1f)
	SIGUNUSED = Signal(0x1f)
)

var names = [...]string{
	1:  "hangup",
	2:  "interrupt",
	3:  "quit",
	4:  "illegal instruction",
	5:  "trace/breakpoint trap",
	6:  "aborted",
	7:  "bus error",
	8:  "floating point exception",
	9:  "killed",
	10: "user defined signal 1",
	11: "segmentation fault",
	12: "user defined signal 2",
	13: "broken pipe",
	14: "alarm clock",
	15: "terminated",
}

// Signal makes it an os.Signal.
func (s Signal) Signal() {}

// String names the signal.
func (s Signal) String() string {
	if 0 <= s && int(s) < len(names) && names[s] != "" {
		return names[s]
	}
	digits := ""
	n := uint(s)
	if s < 0 {
		n = -n
	}
	for first := true; n > 0 || first; first = false {
		digits = string(rune('0'+n%10)) + digits
		n /= 10
	}
	if s < 0 {
		digits = "-" + digits
	}
	return "signal " + digits
}

// An Errno is the number of an error of the system.
type Errno uintptr

const (
	EPERM  = Errno(0x1)
	ESRCH  = Errno(0x3)
	EINVAL = Errno(0x16)
)

func (e Errno) Error() string {
	switch e {
	case EPERM:
		return "operation not permitted"
	case ESRCH:
		return "no such process"
	case EINVAL:
		return "invalid argument"
	}
	return "errno " + Signal(e).String()[len("signal "):]
}

func Getpid() (pid int)   { return 4242 }
func Getppid() (ppid int) { return 1 }

// Kill sends a signal to the process itself; there is no other one.
func Kill(pid int, sig Signal) (err error) {
	switch {
	case sig < 0 || sig > 64:
		return EINVAL
	case pid == 1:
		return EPERM
	case pid != Getpid() && pid != 0:
		return ESRCH
	case sig > 0:
		send(int(sig))
	}
	return nil
}

func send(number int)
