// Command askwell collects survey responses and serves their scores.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"github.com/alecthomas/kong"
)

// version is set by the linker in releases.
var version = ""

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	// The first signal drains; after it signals do again what they do by default, so a second one ends the program at once.
	context.AfterFunc(ctx, stop)
	if err := run(ctx, os.Args[1:], os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "askwell:", err)
		os.Exit(1)
	}
}

// output is where a command writes: results to out, logs to errors.
type output struct{ out, errors io.Writer }

// run is the whole program: tests call it with arguments of their own.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	parser, err := kong.New(&CLI{}, kong.Name("askwell"), kong.DefaultEnvars("ASKWELL"), kong.Writers(stdout, stderr),
		kong.Vars{"version": "askwell " + versionString()},
		kong.Description("Asks a site's visitors the right question at the right moment, and keeps score of the answers."))
	if err != nil {
		return err
	}
	command, err := parser.Parse(args)
	if err != nil {
		return err
	}
	command.BindTo(ctx, (*context.Context)(nil))
	return command.Run(output{stdout, stderr})
}

// VersionCmd prints the version.
type VersionCmd struct{}

func (VersionCmd) Run(to output) error {
	_, err := fmt.Fprintln(to.out, "askwell", versionString())
	return err
}

func versionString() string {
	if version != "" {
		return version
	}
	if info, ok := debug.ReadBuildInfo(); ok {
		return info.Main.Version
	}
	return "unknown"
}
