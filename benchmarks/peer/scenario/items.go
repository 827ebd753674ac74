package scenario

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"net/url"

	"bulwark.io/benchmarks/peer/load"
)

var errOdd = errors.New("the answer is no protobuf list")

func countItems(content []byte, zipped bool, accept string) (int, error) {
	count, _, err := pageOf(content, zipped, accept)
	return count, err
}

// pageOf counts the items of a list and returns the token of the next page, escaped for a query.
func pageOf(content []byte, zipped bool, accept string) (int, string, error) {
	if zipped {
		plain, err := load.Unzip(content)
		if err != nil {
			return 0, "", err
		}
		content = plain
	}
	if accept == protobufType {
		return protobufPage(content)
	}
	var list struct {
		Metadata struct{ Continue string }
		Items    []json.RawMessage
	}
	err := json.Unmarshal(content, &list)
	return len(list.Items), url.QueryEscape(list.Metadata.Continue), err
}

// protobufPage reads just enough of the encoding: the envelope's raw bytes are field 2; in them the
// list's metadata is field 1 with the token in field 3, and the items are field 2.
func protobufPage(content []byte) (int, string, error) {
	inner, found := bytes.CutPrefix(content, []byte("k8s\x00"))
	if !found {
		return 0, "", errOdd
	}
	var raw []byte
	if err := fields(inner, func(number uint64, value []byte) {
		if number == 2 {
			raw = value
		}
	}); err != nil {
		return 0, "", err
	}
	count, token := 0, ""
	err := fields(raw, func(number uint64, value []byte) {
		switch number {
		case 1:
			_ = fields(value, func(number uint64, value []byte) {
				if number == 3 {
					token = string(value)
				}
			})
		case 2:
			count++
		}
	})
	return count, url.QueryEscape(token), err
}

// fields calls back for every field of a message; varints have no value.
func fields(message []byte, each func(number uint64, value []byte)) error {
	for len(message) > 0 {
		key, size := binary.Uvarint(message)
		if size <= 0 {
			return errOdd
		}
		message = message[size:]
		length, size := binary.Uvarint(message)
		if size <= 0 {
			return errOdd
		}
		message = message[size:]
		switch key & 7 {
		case 0:
			each(key>>3, nil)
		case 2:
			if uint64(len(message)) < length {
				return errOdd
			}
			each(key>>3, message[:length])
			message = message[length:]
		default:
			return errOdd
		}
	}
	return nil
}
