namespace Tallystick.Cli.Commands;

/// <summary>The exit codes of the program, the same for every command.</summary>
internal static class ExitCodes
{
    public const int Ok = 0;
    public const int Refused = 1;
    public const int Usage = 2;
    public const int NodeUnreachable = 3;
    public const int OutcomeUnknown = 4;
}

/// <summary>What came of a command: text for people, one JSON document for programs.</summary>
/// <param name="ExitCode">One of <see cref="ExitCodes"/>.</param>
/// <param name="Lines">For people, without colour or emoji.</param>
/// <param name="MakeJson">Makes the contract's record, or its Problem, if somebody asks for it.</param>
internal sealed record Answer(int ExitCode, IReadOnlyList<string> Lines, Func<string> MakeJson)
{
    /// <summary>The contract's record, or its Problem.</summary>
    public string Json => MakeJson();

    /// <summary>True when this node owed the peer already before it paid.</summary>
    public bool WasOwing { get; init; }

    /// <summary>Set when nothing was done yet: this command does it, if the person says yes to the lines.</summary>
    public Command? ToConfirm { get; init; }

    /// <summary>Set when the command left out a name that can be one of these.</summary>
    public IReadOnlyList<string>? WhichPeer { get; init; }

    /// <summary>
    /// What is still to come after this has been told: it is waited for until the person stops it, or null.
    /// </summary>
    public Func<CancellationToken, Task<Answer>>? Then { get; init; }

    /// <summary>Whether whoever can hear of it otherwise need not wait.</summary>
    public bool IsToldAnyway { get; init; }

    /// <summary>The command that lacks only that name, where it is not the one that was given.</summary>
    public Command? LacksName { get; init; }
}

/// <summary>How answers are written.</summary>
internal sealed record AnswerStyle
{
    private readonly TimeZoneInfo? zone;

    /// <summary>The terminal's width in cells; null when there is none to fit.</summary>
    public int? Width { get; init; }

    /// <summary>Only ASCII beyond what people and peers wrote themselves.</summary>
    public bool Plain { get; init; }

    /// <summary>The zone in which times are shown.</summary>
    public TimeZoneInfo Zone
    {
        // Most answers show no time, and the system's zones are a file to read.
        get => zone ?? TimeZoneInfo.Local;
        init => zone = value;
    }

    /// <summary>How long a payment may take to be delivered before it is answered as sent or queued.</summary>
    public bool WaitForDelivery { get; init; }
}
