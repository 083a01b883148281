package context

var (
	_ Context = (*emptyCtx)(nil)
	_ Context = (*cancelCtx)(nil)
	_ Context = (*timerCtx)(nil)
	_ Context = (*valueCtx)(nil)
	_ Context = (*withoutCancelCtx)(nil)
	_ error   = (*deadlineExceededError)(nil)
)
