package load

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"sync/atomic"
	"time"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"
)

const (
	window      = 1<<31 - 1
	replenish   = 1 << 28
	frameBuffer = 16 << 10
)

// Watch is a watch on a connection of its own, read frame by frame: that takes less of the processor
// than a general HTTP client, which matters when a thousand of them share it with the server.
type Watch struct {
	connection *tls.Conn
	framer     *http2.Framer
	closed     atomic.Bool
	done       chan struct{}
	err        error
}

// Watch sends the request and returns when the server has answered 200. From then on data hears of
// every piece of the body, on one goroutine; the bytes are only valid during the call.
func (a Access) Watch(ctx context.Context, path string, data func(piece []byte, now time.Time)) (*Watch, error) {
	host, err := a.host()
	if err != nil {
		return nil, err
	}
	dialer := tls.Dialer{NetDialer: &net.Dialer{Timeout: 60 * time.Second}, Config: a.TLS}
	plain, err := dialer.DialContext(ctx, "tcp", host)
	if err != nil {
		return nil, err
	}
	w := &Watch{connection: plain.(*tls.Conn), done: make(chan struct{})}
	if err := w.request(host, path); err != nil {
		plain.Close()
		return nil, err
	}
	answered := make(chan error, 1)
	go func() {
		defer close(w.done)
		w.err = w.read(answered, data)
		select {
		case answered <- w.err:
		default:
		}
	}()
	select {
	case err = <-answered:
	case <-ctx.Done():
		err = ctx.Err()
	}
	if err != nil {
		w.Close()
		return nil, err
	}
	return w, nil
}

func (w *Watch) request(host, path string) error {
	var sent bytes.Buffer
	sent.WriteString(http2.ClientPreface)
	framer := http2.NewFramer(&sent, nil)
	if err := framer.WriteSettings(http2.Setting{ID: http2.SettingEnablePush, Val: 0},
		http2.Setting{ID: http2.SettingInitialWindowSize, Val: window}); err != nil {
		return err
	}
	if err := framer.WriteWindowUpdate(0, window-65_535); err != nil {
		return err
	}
	var block bytes.Buffer
	encoder := hpack.NewEncoder(&block)
	for _, field := range [][2]string{{":method", "GET"}, {":scheme", "https"}, {":authority", host},
		{":path", path}, {"accept", "application/json"}, {"user-agent", "bench"}} {
		if err := encoder.WriteField(hpack.HeaderField{Name: field[0], Value: field[1]}); err != nil {
			return err
		}
	}
	if err := framer.WriteHeaders(http2.HeadersFrameParam{StreamID: 1, BlockFragment: block.Bytes(),
		EndHeaders: true, EndStream: true}); err != nil {
		return err
	}
	_, err := w.connection.Write(sent.Bytes())
	w.framer = http2.NewFramer(w.connection, bufio.NewReaderSize(w.connection, frameBuffer))
	w.framer.SetReuseFrames()
	w.framer.ReadMetaHeaders = hpack.NewDecoder(4096, nil)
	return err
}

func (w *Watch) read(answered chan<- error, data func([]byte, time.Time)) error {
	unreturned := uint32(0)
	for {
		frame, err := w.framer.ReadFrame()
		if err != nil {
			return err
		}
		switch frame := frame.(type) {
		case *http2.MetaHeadersFrame:
			if status := frame.PseudoValue("status"); status != "200" {
				return fmt.Errorf("the watch was answered with status %s", status)
			}
			select {
			case answered <- nil:
			default:
			}
		case *http2.DataFrame:
			data(frame.Data(), time.Now())
			if unreturned += frame.Header().Length; unreturned > replenish {
				if err := w.framer.WriteWindowUpdate(0, unreturned); err != nil {
					return err
				}
				if err := w.framer.WriteWindowUpdate(1, unreturned); err != nil {
					return err
				}
				unreturned = 0
			}
			if frame.StreamEnded() {
				return io.EOF
			}
		case *http2.SettingsFrame:
			if !frame.IsAck() {
				if err := w.framer.WriteSettingsAck(); err != nil {
					return err
				}
			}
		case *http2.PingFrame:
			if !frame.IsAck() {
				if err := w.framer.WritePing(true, frame.Data); err != nil {
					return err
				}
			}
		case *http2.RSTStreamFrame:
			return fmt.Errorf("the server reset the watch: %v", frame.ErrCode)
		case *http2.GoAwayFrame:
			return fmt.Errorf("the server is going away: %v", frame.ErrCode)
		}
	}
}

// Ended is closed when the watch has ended, whoever ended it.
func (w *Watch) Ended() <-chan struct{} { return w.done }

// Close ends the watch and its connection, and waits for the reader.
func (w *Watch) Close() {
	w.closed.Store(true)
	w.connection.Close()
	<-w.done
}

// Err is why the watch ended, if the server ended it.
func (w *Watch) Err() error {
	select {
	case <-w.done:
		if !w.closed.Load() {
			return w.err
		}
	default:
	}
	return nil
}

// Lines puts the pieces of a watch together to lines, each one event.
type Lines struct{ rest []byte }

// Add calls back for every line that is complete now.
func (l *Lines) Add(piece []byte, each func(line []byte)) {
	for {
		end := bytes.IndexByte(piece, '\n')
		if end < 0 {
			l.rest = append(l.rest, piece...)
			return
		}
		if len(l.rest) > 0 {
			l.rest = append(l.rest, piece[:end]...)
			each(l.rest)
			l.rest = l.rest[:0]
		} else {
			each(piece[:end])
		}
		piece = piece[end+1:]
	}
}
