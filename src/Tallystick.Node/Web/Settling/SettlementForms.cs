using System.Globalization;
using Microsoft.AspNetCore.Http;
using Tallystick.Client;
using Tallystick.Core.Settlements;
using Tallystick.Node.Api;
using Tallystick.Node.Settlements;

namespace Tallystick.Node.Web.Settling;

/// <summary>
/// Carries out what a button on a settlement says. An answer names the revision that stood on the button.
/// </summary>
internal static class SettlementForms
{
    private static readonly Problem NotUnderstood =
        Problems.BadInput("bad-form", "Nothing was done: open the page again, and send it from there.");

    /// <summary>The button's value is an action of the contract, or an action, a point and a revision.</summary>
    public static Task<Answer<SettlementResult>> CarryOutAsync(
        SettlementDesk desk, string id, IFormCollection form, CancellationToken cancel)
    {
        var said = form["do"].ToString().Split('.');
        var requestId = form["requestId"].ToString() is { Length: > 0 } given ? given : null;
        return said switch
        {
            [SettlementActions.Modify] => desk.ModifyAsync(
                id, new ModifyRequest(form["amount"].ToString(), form["method"], form["reference"], requestId), cancel),
            [SettlementActions.Withdraw] => desk.WithdrawAsync(id, new WithdrawRequest(requestId), cancel),
            [var answer, var number] when MoveOf(answer) is { } move
                && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var revision) =>
                desk.AnswerAsync(
                    id, move, new AnswerRequest(revision, form["reason"], Twins(form["twins"]), requestId), cancel),
            _ => Task.FromResult<Answer<SettlementResult>>(NotUnderstood),
        };
    }

    private static SettlementMove? MoveOf(string answer) => answer switch
    {
        SettlementActions.Accept => SettlementMove.Accept,
        SettlementActions.Dispute => SettlementMove.Dispute,
        SettlementActions.Received => SettlementMove.Received,
        _ => null,
    };

    private static string? Twins(string? choice) => choice is TwinChoices.Keep or TwinChoices.Close ? choice : null;
}
