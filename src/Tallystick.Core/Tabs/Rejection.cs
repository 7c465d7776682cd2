namespace Tallystick.Core.Tabs;

/// <summary>What a rejection does to the session and the tab.</summary>
public enum RejectionClass
{
    /// <summary>Drop the message and close the link; nothing lasts.</summary>
    Drop,

    /// <summary>Do not store the page, answer with a signed Fault, freeze the tab.</summary>
    Fault,

    /// <summary>This software is too old: no storing and no Fault.</summary>
    Stall,

    /// <summary>Local: only ever the refusal of an intent.</summary>
    Intent,
}

/// <summary>The name of a rule that was broken, as it stands in Faults, in the API and in the protocol.</summary>
/// <param name="Name">Lower case with dashes.</param>
/// <param name="Class">What it does.</param>
public sealed record Rejection(string Name, RejectionClass Class)
{
    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>A broken rule and one sentence with the values that broke it.</summary>
/// <param name="Why">The rule.</param>
/// <param name="Text">The sentence, for people.</param>
public sealed record Refusal(Rejection Why, string Text)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Why.Name}: {Text}";
}
