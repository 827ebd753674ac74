package cluster

import "syscall"

// ownSession keeps an interrupt at the terminal from what must be stopped in order.
func ownSession() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setsid: true} }
