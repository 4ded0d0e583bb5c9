package survey

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// unmarshalUnion reads a JSON list whose items are told apart by their "type".
func unmarshalUnion[T any](data []byte, types map[string]func() T) ([]T, error) {
	var items []json.RawMessage
	if err := json.Unmarshal(data, &items); err != nil {
		return nil, err
	}
	list := make([]T, len(items))
	for i, item := range items {
		var head struct {
			Type string `json:"type"`
		}
		if err := json.Unmarshal(item, &head); err != nil {
			return nil, err
		}
		make, ok := types[head.Type]
		if !ok {
			return nil, fmt.Errorf("type %q is not one of %s", head.Type, strings.Join(TypeNames(types), ", "))
		}
		list[i] = make()
		if err := json.Unmarshal(item, list[i]); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// TypeNames returns the wire names of the types of a union, in order.
func TypeNames[T any](types map[string]func() T) []string {
	names := make([]string, 0, len(types))
	for name := range types {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
