using System.Reflection;
using System.Text.Json;
using Tallystick.Cli.Commands;
using Tallystick.Cli.Demo;
using Tallystick.Cli.Flags;
using Tallystick.Cli.Running;
using Tallystick.Cli.Sentences;
using Tallystick.Client;
using Tallystick.Node.Hosting;

namespace Tallystick.Cli;

internal static class Program
{
    private static int Main(string[] arguments)
    {
        var flags = new GivenFlags
        {
            // Until the flags are read, a complaint about them must know these two.
            Json = Array.IndexOf(arguments, "--json") >= 0,
            Debug = Array.IndexOf(arguments, "--debug") >= 0,
        };
        Passphrases.TakeFromEnvironment();
        try
        {
            (flags, var words) = CommandLine.Parse(arguments, Environment.GetEnvironmentVariable);
            return RunAsync(flags, words).GetAwaiter().GetResult();
        }
        catch (UsageException e)
        {
            return Complain(ExitCodes.Usage, new Problem("Not understood", 400, e.Message, "usage"), e, flags);
        }
        catch (NothingRunsException e)
        {
            return Complain(ExitCodes.NodeUnreachable,
                new Problem("Node unreachable", 503, e.Message, "node-unreachable"), e, flags);
        }
        catch (NodeUnreachableException e)
        {
            return Complain(ExitCodes.NodeUnreachable,
                new Problem("Node unreachable", 503, e.Message, "node-unreachable"), e, flags);
        }
        catch (CannotStartException e)
        {
            return Complain(ExitCodes.Refused, new Problem("Cannot start", 500, e.Message, "cannot-start"), e, flags);
        }
        catch (Exception e)
        {
            var message = $"Something went wrong that should not: {e.Message.TrimEnd('.')} (--debug shows where).";
            return Complain(ExitCodes.Refused, new Problem("Fault", 500, message, "fault"), e, flags);
        }
    }

    private static Task<int> RunAsync(GivenFlags flags, IReadOnlyList<string> words)
    {
        if (flags.Version)
            return Say("tallystick " + Version);
        if (flags.Help)
            return Say(HelpText.Full);
        if (words.Count == 0)
            return Say(HelpText.Short);
        switch (words[0].ToUpperInvariant())
        {
            case "UP":
                return words.Count == 1
                    ? OneNode.RunAsync(Passphrases.AddTo(NodeSettings.ForUp(flags), flags), flags)
                    : throw new UsageException($"up takes flags only, not \"{words[1]}\"; "
                    + "for example: tallystick up --name alice --listen 5000");
            case "ROOMS":
                return words.Count == 1
                    ? OneNode.RunAsync(NodeSettings.ForRooms(flags), flags with { Headless = true })
                    : throw new UsageException("rooms takes flags only, for example: tallystick rooms --web 8080");
            case "RELAY" or "HUB":
                return words.Count == 1
                    ? RelayCommand.RunAsync(flags)
                    : throw new UsageException($"{words[0]} takes flags only, for example: "
                    + $"tallystick {words[0]} --listen 7000");
            case "KEY":
                return KeyCommand.RunAsync(flags, words);
            case "DEMO" when words.Count == 1 && flags.Crowd is { } count:
                return CrowdRun.RunAsync(FlagValues.Crowd(count), flags);
            case "DEMO" when words.Count == 1:
                return DemoRun.BothAsync(flags);
            case "DEMO" when words.Count == 2:
                return DemoRun.OneAsync(words[1], flags);
            case "DEMO":
                throw new UsageException(
                    "The demo is: tallystick demo, or in two terminals: tallystick demo alice, tallystick demo bob, "
                    + "or with a relay in a third: tallystick demo alice --relay localhost");
            case "START:ALICE" or "START:BOB" when words.Count == 1:
                return DemoRun.OneAsync(words[0][6..], flags);
            case [>= '0' and <= '9', ..] number when number.All(char.IsAsciiDigit):
                return OneNode.RunAsync(
                    Passphrases.AddTo(NodeSettings.ForPorts(flags, words), flags), flags);
            default:
                return OneShotAsync(flags, words);
        }
    }

    private static Task<int> OneShotAsync(GivenFlags flags, IReadOnlyList<string> words)
    {
        var options = new OutputOptions(flags.Json, flags.Plain, flags.Wait);
        switch (Grammar.Read(words))
        {
            // Help needs no node, and where there is no shell there is none to leave.
            case Reading.Understood { Command: Command.Help }:
                return Say(flags.Json ? Execution.Quoted(HelpText.Full) : HelpText.Full);
            case Reading.Understood { Command: Command.Exit }:
                throw new UsageException(UsageSentences.NoShellToLeave);
            // Nor does a file need one to be checked.
            case Reading.Understood { Command: Command.Verify { Peer: { } file } } when FileCommands.IsFile(file):
                return Task.FromResult(OneShot.Tell(FileCommands.Verify(file), options, Console.Out, Console.Error));
            // Whoever was sent a link, or sends one, need not know that a node comes first.
            case Reading.Understood { Command: (Command.Invite or Command.Join) and var first }
                when NodeSearch.FindsNone(flags):
                return OneNode.RunAsync(Passphrases.AddTo(NodeSettings.ForUp(flags), flags), flags, first);
            case Reading.Understood understood:
                return Task.FromResult(OneShotOf(flags, understood.Command, options));
            case Reading.NotUnderstood unclear:
                throw new UsageException(unclear.Message);
            default:
                return Say(HelpText.Short);
        }
    }

    // It blocks its thread, which has nothing else to do: for a command that is done at once, tasks only take time.
    private static int OneShotOf(GivenFlags flags, Command command, OutputOptions options)
    {
        // Nothing waits for it, and whoever needs it first finds it done or half done.
        if (options.Json || command is not (Command.Balance or Command.Pay or Command.ListPeers or Command.WhoAmI))
            _ = Task.Run(OneShot.MakeReady);
        using var client = NodeSearch.Connect(flags);
        try
        {
            return OneShot.RunAsync(command, client, options, Console.Out, Console.Error).GetAwaiter().GetResult();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What was asked may well be done: only telling it failed.
            var message = $"The answer cannot be shown ({e.Message.TrimEnd('.')}); "
                + "look at the history before asking again.";
            return Complain(
                ExitCodes.OutcomeUnknown, new Problem("Outcome unknown", 500, message, "outcome-unknown"), e, flags);
        }
    }

    private static string Version =>
        typeof(Program).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!
            .InformationalVersion.Split('+')[0];

    private static Task<int> Say(string text)
    {
        Console.Out.WriteLine(text);
        return Task.FromResult(ExitCodes.Ok);
    }

    private static int Complain(int code, Problem problem, Exception cause, GivenFlags flags)
    {
        try
        {
            if (flags.Json)
                Console.Out.WriteLine(JsonSerializer.Serialize(problem, ContractJson.Default.Problem));
            else
                Console.Error.WriteLine(problem.Detail);
            if (flags.Debug)
                Console.Error.WriteLine(cause);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A full disk may hold the error output too; the code still tells how it ended.
        }

        return code;
    }
}
