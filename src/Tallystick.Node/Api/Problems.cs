using Tallystick.Client;
using Tallystick.Core.Tabs;
using Tallystick.Node.Peers;

namespace Tallystick.Node.Api;

/// <summary>Error answers: a status for programs, a name for scripts and a sentence for people.</summary>
internal static class Problems
{
    public static Problem BadInput(string refusal, string detail) => new("Bad input", 400, detail, refusal);

    public static Problem Unknown(string refusal, string detail) => new("Unknown", 404, detail, refusal);

    public static Problem Refused(string refusal, string detail) => new("Refused", 409, detail, refusal);

    public static Problem Refused(Refusal refusal) => Refused(refusal.Why.Name, refusal.Text);

    /// <summary>The status of a refusal of the peer book follows from the first word of its name.</summary>
    public static Problem Of(BookRefusal refusal) => refusal.Name.Split('-')[0] switch
    {
        "unknown" => Unknown(refusal.Name, refusal.Text),
        "bad" or "which" => BadInput(refusal.Name, refusal.Text),
        _ => Refused(refusal.Name, refusal.Text),
    };

    public static readonly Problem NoToken = new(
        "Not allowed",
        401,
        "Send the token from the file 'token' in the data folder as Authorization: Bearer.",
        "no-token");

    public static readonly Problem WrongHost = new(
        "Not allowed", 403, "This API answers only to localhost and 127.0.0.1.", "wrong-host");

    public static readonly Problem NoSuchPath = new("Unknown", 404, "The API has no such path.", "unknown-path");

    public static readonly Problem TooLarge = new("Bad input", 413, "A request has at most 1 MiB.", "too-large");

    public static readonly Problem StoreFailed = new(
        "Stopping", 503, "The book cannot be written any more and the node is stopping; look at its last message.",
        "store-failed");

    public static readonly Problem Stopping = new(
        "Stopping", 503, "The node is stopping; ask again with the same request id when it is back.", "stopping");

    public static readonly Problem Failed = new(
        "Failed", 500, "The node made a mistake; --debug shows it. Whether it was done is in the history.", "failed");
}
